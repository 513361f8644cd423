"""Profiles of providers and facilities on a whole night: sums that never count twice, and what the world's sealed truth knows."""

import duckdb
import pandas as pd


def test_overlays_list_providers_and_enter_no_sum(first_night):
    (overlays,) = first_night.query(
        "select list(territory_id order by territory_id) from territories where is_overlay having count(*) > 0"
    )[0]
    primary = first_night.query("select npi, territory_id from providers where territory_id is not null order by npi")
    listed = "select npi, territory_id from provider_territories where is_current and kind = 'primary' order by npi"
    assert first_night.query(listed) == primary
    ((both,),) = first_night.query(
        "select count(*) from (select npi from provider_territories where is_current group by npi having count(distinct kind) = 2)"
    )
    assert both > 0, "nobody lies under an overlay, so nothing is proved"
    counted, active = first_night.query(
        "select (select sum(providers) from territories), (select count(*) from providers where is_active and territory_id is not null)"
    )[0]
    assert counted == active
    for mart, column in (("forecasts", "subject_id"), ("providers", "territory_id"), ("facilities", "territory_id")):
        found = first_night.query(f"select distinct {column} from {mart} where {column} is not null")
        assert not {row[0] for row in found} & set(overlays), f"{mart} holds an overlay"


def test_who_moved_reads_as_moved_and_not_as_grown(first_night, world):
    truth = pd.read_parquet(world.truth / "moves.parquet")
    rates = pd.read_parquet(world.truth / "volume_rates.parquet")
    changed = set(pd.read_parquet(world.truth / "risers.parquet")["npi"])
    started = rates[rates["rate"] > 0].groupby("npi")["month"].min()
    steady = [npi for npi in truth["npi"] if npi not in changed and started.get(npi) == rates["month"].min()]
    assert steady
    directions = dict(first_night.query("select npi, volume_direction from providers"))
    assert [npi for npi in steady if directions[npi] == "gaining"] == []
    # A hospital's number has six digits: only these stand in the affiliation list.
    listed = truth[(truth["from_facility"].str.len() == 6) & (truth["to_facility"].str.len() == 6)]
    shown = set(first_night.query("select npi, to_facility_id from provider_moves where kind in ('moved', 'joined')"))
    missed = [row for row in listed[["npi", "to_facility"]].itertuples(index=False, name=None) if row not in shown]
    assert len(missed) <= 0.2 * len(listed), missed


def test_the_families_of_a_provider_add_up_to_the_profile(first_night):
    differing = first_night.query("""
        select providers.npi from providers
        inner join (
            select npi, sum(annual_volume) as annual_volume from provider_families where is_focus group by npi
        ) as families using (npi)
        where abs(coalesce(providers.annual_volume, 0) - coalesce(families.annual_volume, 0)) > 0.0005
    """)
    assert differing == []
    ((new, of_them),) = first_night.query("""
        select count(*), count(*) filter (npi in (select npi from provider_families where is_focus and is_new_to_family))
        from providers where is_new_to_family
    """)
    assert new > 0
    assert of_them == new


def test_money_by_relation_is_the_money_by_manufacturer(first_night):
    ((by_relation, by_manufacturer),) = first_night.query("""
        select
            (select sum(cast(general_usd + research_usd + ownership_usd as decimal(18, 2))) from provider_payment_relations),
            (select sum(cast(amount_usd as decimal(18, 2))) from provider_payments)
    """)
    assert by_relation == by_manufacturer > 0


def test_the_facilities_mart_agrees_with_its_details(first_night):
    with duckdb.connect(
        str(first_night.home / "published" / "current" / "fieldscope.duckdb"), read_only=True
    ) as connection:
        contracts = connection.execute("""
            select facility_id, min(ends_on) from facility_contracts where is_running and facility_id is not null group by all order by 1
        """).fetchall()
        shown = connection.execute("""
            select facility_id, contract_ends_on from facilities where running_contracts > 0 order by 1
        """).fetchall()
        assert contracts == shown
        assert contracts
        seats = connection.execute("""
            select count(*), count(distinct facility_id), count(*) filter (people = 0) from facility_committees where role != 'unknown'
        """).fetchone()
    assert seats is not None
    assert seats[0] == 3 * seats[1]
    assert seats[2] > 0, "a seat that nobody holds is shown"


def test_proposed_alignments_start_from_what_the_territories_show(first_night):
    """Each ZIP once, out of the primary territory that its providers have; the indexes are those of the territories mart."""
    proposed, zips, elsewhere = first_night.query("""
        select count(*), count(distinct proposals.zip5), count(*) filter (providers.territory_id <> from_territory_id)
        from territory_alignment_proposals as proposals
        left join (select zip5, max(territory_id) as territory_id from providers group by zip5) as providers using (zip5)
    """)[0]
    assert proposed > 0
    assert (proposed, 0) == (zips, elsewhere)
    differing = first_night.query("""
        with
            averages as (
                select avg(workload_hours) as hours, avg(opportunity_usd) as usd from territories
                where not is_overlay and rep_id is not null
            ),
            told as (
                select from_territory_id as territory_id, effect -> 'from' as index from territory_alignment_proposals
                union
                select to_territory_id, effect -> 'to' from territory_alignment_proposals
            )
        select territory_id from told left join territories using (territory_id) cross join averages
        where
            not coalesce(abs(workload_hours / hours - cast(index ->> 'workload_index_before' as double)) < 0.0002, false)
            or not coalesce(abs(opportunity_usd / usd - cast(index ->> 'opportunity_index_before' as double)) < 0.0002, false)
    """)
    assert differing == []
