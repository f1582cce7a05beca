"""Names of an invented case, and the labelled material of this folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import combining, normalize

from ruamel.yaml import YAML

from safeconduct.reading import Gazetteer, Named

HERE = Path(__file__).parent
ELSEWHERE = (  # places of other invented regions, for the articles about them
    Named("bahira", ("Bahira",), "country", shown="Bahira"),
    Named("nyaland", ("Nyaland",), "country", shown="Nyaland"),
    Named("kassai", ("Kassai",), "town", shown="Kassai"),
    Named("tindolo", ("Tindolo",), "town", shown="Tindolo"),
    Named("el_marag", ("El Marag", "Marag crossing"), "town", shown="El Marag / Marag crossing"),
    Named("um_dabir", ("Um Dabir",), "camp", shown="Um Dabir"),
    Named("kandara", ("Kandara",), "country", shown="Kandara"),
    Named("seva", ("Seva Province", "Seva River"), "region", shown="Seva Province / Seva River"),
    Named("minlar", ("Minlar District", "Minlar"), "district", shown="Minlar District / Minlar"),
    Named("thaung", ("Thaung",), "town", shown="Thaung"),
    Named("corvera", ("Corvera",), "country", shown="Corvera"),
    Named("san_telmo", ("San Telmo",), "town", shown="San Telmo"),
    Named("puerto_alba", ("Puerto Alba",), "town", shown="Puerto Alba"),
    Named("rio_verde", ("Río Verde",), "region", shown="Río Verde"),
    Named("menia", ("Menia",), "country", shown="Menia"),
    Named("kostar", ("Kostar",), "country", shown="Kostar"),
    Named("sarvan", ("Sarvan",), "region", shown="Sarvan"),
    Named("telaven", ("Telaven", "Tilavan"), "town", shown="Telaven / Tilavan"),
    Named("orlam", ("Orlam",), "town", shown="Orlam"),
    Named("lisgar", ("Lisgar",), "town", shown="Lisgar"),
    Named("arrun", ("Arrun",), "town", shown="Arrun"),
    Named("dosh_corridor", ("Dosh Corridor",), "road", shown="Dosh Corridor"),
    Named("dosh_bridge", ("Dosh Bridge",), "bridge", shown="Dosh Bridge"),
)

REAL = (  # towns and regions of the typical articles about real places
    "Abu Shouk, Ad-Dabbah, Aden, Al Dhalee, Bamako, Bhamo, Cairo, Chocó, Datu Saudi Ampatuan, Djibo, Donetsk, "
    "El Fasher, Ergneti, Ganzi, Gao, Goma, Holmivskyi, Hudaydah, Kanyaruchinya, Khnatsakh, Khurvaleti, Kirumba, "
    "Kobani, Kuda, Lashio, Luanda, Luhansk, Mali, Manbij, Mekelle, Ménaka, Momauk, Niger, Noanamá, North Kivu, "
    "Odzisi, Olenivka, Ouahigouya, Pyshchevyk, Raqqa, Rokon, Rutshuru, Taiz, Tigray, Tishrin dam, Tserovani, "
    "Zolote"
)


def key_of(name: str) -> str:
    """The key of a place: its name in small letters without marks."""
    plain = "".join(c for c in normalize("NFD", name) if not combining(c))
    return plain.lower().replace(" ", "_").replace("-", "_")


@cache
def invented() -> Gazetteer:
    """Two states, a region that they dispute, a force, an outlet called after a town; places elsewhere, some real."""
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
            *ELSEWHERE,
            *(Named(key_of(name), (name,), "town") for name in REAL.split(", ")),
        ),
        actors=(
            Named("arvenia", ("Arvenia", "Government of Arvenia", "Castel"), "state"),
            Named("tarsia", ("Tarsia", "Government of Tarsia"), "state"),
            Named("norland", ("Norland",), "state with the force"),
            Named("authorities", ("Velara authorities", "Velaran authorities"), "local authorities"),
            Named("residents", ("residents of Velara",), "population"),
            *(Named(p.key, p.names, "state") for p in ELSEWHERE if p.kind == "country"),
        ),
        outlets=(
            Named("courier", ("Ordan Courier",), "press"),
            Named("tna", ("TNA",), "press"),
            Named("pilot", ("Lisk Pilot", "The Lisk Pilot"), "press"),
            Named("pan_press", ("Pan Press",), "press"),
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
