"""The one door: write a whole world, its as-of day and its sealed truth.

Order of making only; each part is made in its own module from its own random stream.
"""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sample_world.behaviour import make_behaviour
from sample_world.claims import make_claim_lines, write_claim_lines
from sample_world.clock import AS_OF
from sample_world.company import write_company
from sample_world.contracts import make_contracts
from sample_world.crm_activity import make_activity
from sample_world.crm_files import write_activity, write_marketing, write_orders, write_pipeline, write_structure
from sample_world.crm_marketing import make_campaigns, make_sightings
from sample_world.crm_structure import make_structure
from sample_world.deals import make_deals
from sample_world.field_answers import write_field_answers
from sample_world.geography import STATE_FIPS, STATES, make_geography
from sample_world.hospital_stays import write_inpatient
from sample_world.nation import widen
from sample_world.orders import first_order_days, make_orders
from sample_world.payments import write_payments
from sample_world.people import make_people
from sample_world.pipeline import make_pipeline
from sample_world.prescriptions import write_part_d
from sample_world.public_claims import write_provider_service
from sample_world.publications import write_publications
from sample_world.registry import write_registry
from sample_world.research import write_ownership, write_research
from sample_world.truth import write_truth
from sample_world.volumes import make_volumes

PROVIDERS = {"small": 1_500, "region": 30_000, "nation": 15_000}


@dataclass(frozen=True)
class SampleReport:
    """What was written, and where."""

    landing: Path
    as_of: date
    truth: Path
    counts: dict[str, int] = field(default_factory=dict)


def write(
    landing: Path,
    scale: str = "small",
    seed: int = 7,
    *,
    signal: bool = True,
    providers: int | None = None,
    fraction: float = 1.0,
) -> SampleReport:
    """Write the world of one seed below `landing`, `as_of` and `truth/` beside it.

    `signal=False` makes a world in which nothing foretells adoption and nobody rises; `providers` sets the size of the
    world, `fraction` that of the nation around it.
    """
    landing = Path(landing)
    is_nation = scale == "nation"
    size = providers or max(300, round(PROVIDERS[scale] * (fraction if is_nation else 1)))
    states = tuple(STATE_FIPS) if is_nation else STATES
    geography = make_geography(seed, max(8, size // 25), max(3, size // 125), states)
    people = make_people(seed, geography, size)
    volumes = make_volumes(seed, people.providers, signal)
    contracts = make_contracts(seed, people.facilities)
    behaviour = make_behaviour(seed, people, volumes, contracts, signal)
    first_order = first_order_days(seed, behaviour)
    structure = make_structure(seed, geography, people, behaviour)
    deals = make_deals(seed, structure, volumes, behaviour, first_order)
    pipeline = make_pipeline(seed, structure, deals)

    write_company(
        seed, geography, people.providers.npi.to_numpy(), list(people.facilities.ccn.dropna()), landing / "company"
    )
    write_field_answers(seed, geography, people, structure, landing / "company")
    crm = landing / "crm" / "salesforce"
    activity = make_activity(seed, structure, behaviour, first_order)
    orders, items = make_orders(seed, structure, volumes, behaviour, first_order)
    campaigns, members = make_campaigns(seed, structure, behaviour)
    sightings = make_sightings(seed, structure, people, behaviour)
    counts = {
        "provider_service": write_provider_service(seed, geography, people.providers, volumes, landing / "claims"),
        "medical_claim": write_claim_lines(
            seed, people, make_claim_lines(seed, people, volumes, behaviour), landing / "claims"
        ),
        "inpatient": write_inpatient(seed, people, volumes, landing / "claims"),
        "part_d": write_part_d(seed, geography, people, volumes, landing / "claims"),
        "general_payments": write_payments(seed, geography, people, behaviour, landing / "open_payments"),
        "research_payments": write_research(seed, geography, people, landing / "open_payments"),
        "ownership": write_ownership(seed, geography, people, landing / "open_payments"),
        "articles": write_publications(seed, people, landing / "publications"),
        **write_registry(seed, geography, people, behaviour, landing / "registry"),
        **write_structure(seed, geography, structure, crm),
        **write_activity(seed, structure, activity, crm),
        **write_pipeline(structure, pipeline, crm),
        **write_orders(structure, pipeline, orders, items, crm),
        **write_marketing(structure, campaigns, members, sightings, contracts, crm),
    }
    if is_nation:
        counts |= {name: counts[name] + rows for name, rows in widen(landing, seed, fraction).items()}
    truth = landing.parent / "truth"
    write_truth(people, volumes, behaviour, first_order, structure, deals, pipeline, truth)
    (landing.parent / "as_of").write_text(f"{AS_OF.isoformat()}\n", encoding="utf-8")
    return SampleReport(landing, AS_OF, truth, counts)
