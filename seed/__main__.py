"""``python -m seed``: migrate the database of the settings, load what is missing, print what was made."""

from __future__ import annotations

import argparse
import sys
from datetime import date

from app.core.clock import clock_for
from app.core.config import get_settings
from app.core.db import make_engine, migrate
from app.core.errors import AppError
from seed import SCENARIOS, SEED_NUMBER, ForeignRegisterError, MoveRefusedError, NoAdministratorError, Wish, load


def main() -> int:
    """Load the data and print it; 0 when the data are there, 1 when the database or the wish is refused."""
    parser = argparse.ArgumentParser(prog="python -m seed", description="载入赤峰市数据；可重复运行，已有数据不变。")
    parser.add_argument("--seed-number", type=int, default=SEED_NUMBER, help="合成数据的随机种子")
    parser.add_argument("--scenario", choices=sorted(SCENARIOS), help="演示场景；不填则保持现有的，新库为 first-round")
    parser.add_argument("--until", type=date.fromisoformat, help="把演示的系统日期移到这一天，其前的督导记为已完成")
    arguments = parser.parse_args()
    settings = get_settings()
    migrate(settings)
    engine = make_engine(settings)
    try:
        wish = Wish(SCENARIOS.get(arguments.scenario), arguments.until)
        report = load(engine, clock_for(settings), wish, seed_number=arguments.seed_number)
    except (ForeignRegisterError, MoveRefusedError, NoAdministratorError, AppError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        engine.dispose()
    lines = [*report.lines(), *(f"{one.username} {one.role} {one.password}" for one in report.accounts)]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
