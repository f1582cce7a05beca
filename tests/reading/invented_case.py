"""Names of an invented case, and the labelled material of this folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from safeconduct.reading import Gazetteer, Named

HERE = Path(__file__).parent


@cache
def invented() -> Gazetteer:
    """Two states, a region that they dispute, a force, and an outlet called after a town."""
    return Gazetteer(
        places=(
            Named("ordan", ("Ordan", "Hordan"), "city", shown="Ordan / Hordan"),
            Named("mirne", ("Mirne", "Mirna"), "town", shown="Mirne / Mirna"),
            Named(
                "sel_bridge",
                ("Sel bridge", "Sel checkpoint"),
                "bridge; checkpoint",
                shown="Sel bridge / Sel checkpoint",
            ),
            Named("velara", ("Velara", "Velur"), "region", shown="Velara / Velur"),
            Named("castel", ("Castel",), "capital"),
            Named("port_lisk", ("Port Lisk",), "city"),
            Named("arvenia", ("Arvenia",), "country"),
            Named("tarsia", ("Tarsia",), "country"),
            Named("norland", ("Norland",), "country"),
        ),
        actors=(
            Named("arvenia", ("Arvenia", "Government of Arvenia", "Castel"), "state"),
            Named("tarsia", ("Tarsia", "Government of Tarsia"), "state"),
            Named("norland", ("Norland",), "state with the force"),
            Named("authorities", ("Velara authorities", "Velaran authorities"), "local authorities"),
            Named("residents", ("residents of Velara",), "population"),
        ),
        outlets=(
            Named("courier", ("Ordan Courier",), "press"),
            Named("tna", ("TNA",), "press"),
            Named("pilot", ("Lisk Pilot", "The Lisk Pilot"), "press"),
        ),
        actions=(
            Named("road_closed", ("road_closed",), "corridor", "road closed to civilian traffic"),
            Named("checkpoint_set_up", ("checkpoint_set_up",), "corridor", "checkpoint set up on the road"),
            Named("shooting", ("shooting",), "armed", "shooting"),
            Named("ceasefire", ("ceasefire",), "agreement", "ceasefire"),
            Named("talks", ("talks",), "talks", "talks"),
            Named("gas_cut", ("gas_cut",), "supplies", "gas cut off"),
        ),
        obligations=(
            Named("OB1", ("OB1",), "", "Tarsia guarantees safe traffic of people and goods on the Sel bridge road"),
        ),
        force="norland",
        population="residents",
    )


@cache
def labelled(name: str) -> list[dict[str, Any]]:
    """The rows of a labelled file."""
    rows: list[dict[str, Any]] = YAML(typ="safe", pure=True).load((HERE / name).read_text("utf-8"))
    return rows
