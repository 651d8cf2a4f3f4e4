"""People who inspect, with what decides on which days they count."""
