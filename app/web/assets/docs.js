// The page of the interface: Swagger UI from our own origin, on the OpenAPI document named by the page.
import SwaggerUIBundle from "swagger-ui-dist/swagger-ui-es-bundle.js";

const root = document.getElementById("swagger-ui");

SwaggerUIBundle({
  domNode: root,
  url: root.dataset.openapi,
  deepLinking: true,
  docExpansion: "none",
  validatorUrl: null,
});
