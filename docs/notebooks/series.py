"""A region's series with its evidence, and regions compared. `marimo edit docs/notebooks/series.py -- --release DIR`."""

import marimo

app = marimo.App(width="medium")


@app.cell
def opened():
    """Open a release: nothing but DuckDB and the folder is needed."""
    from pathlib import Path

    import altair as alt
    import duckdb
    import marimo as mo

    release = Path(mo.cli_args().get("release") or ".")
    connection = duckdb.connect(str(release / "fazhi.duckdb"), read_only=True)
    return alt, connection, mo


@app.cell
def chosen(connection, mo):
    """The region and indicator with the longest series come first; choose others in the menus."""
    series = connection.execute(
        "SELECT region_code, region_name, code, name_zh, count(*) AS years FROM panel_labelled GROUP BY ALL "
        "ORDER BY years DESC, max(code = 'reconsideration.applications') DESC, region_code, code"
    ).fetchall()
    regions = {f"{name} {code}": code for code, name, *_ in series}
    indicators = {f"{name} ({code})": code for *_, code, name, _ in series}
    region = mo.ui.dropdown(regions, value=next(iter(regions)), label="地区 region")
    indicator = mo.ui.dropdown(indicators, value=next(iter(indicators)), label="指标 indicator")
    mo.vstack([mo.md("# A series and its evidence"), region, indicator])
    return indicator, region


@app.cell
def drawn(alt, connection, indicator, mo, region):
    """One region's series; each point names the words that it was read from."""
    rows = connection.execute(
        "SELECT year, value, unit, comparator, agreement, quote FROM series_of(?, ?)", [region.value, indicator.value]
    ).pl()
    points = alt.Chart(rows).mark_line(point=True).encode(
        x=alt.X("year:O", title="year"),
        y=alt.Y("value:Q", title=f"{indicator.value} ({rows['unit'][0] if rows.height else ''})"),
        tooltip=["year", "value", "unit", "comparator", "agreement", "quote"],
    )  # fmt: skip
    mo.vstack([points.properties(width=560, height=280, title=f"{region.selected_key}: {indicator.selected_key}"), mo.ui.table(rows)])


@app.cell
def compared(alt, connection, mo):
    """Applications for reconsideration, region by region, each with the sentence it stands in."""
    told = connection.execute(
        "SELECT l.region_name, l.year, l.value, l.unit, e.quote, e.sentence FROM panel_labelled AS l "
        "JOIN evidence AS e USING (region_code, code, year) WHERE l.code = 'reconsideration.applications' ORDER BY l.value DESC"
    ).pl()
    bars = alt.Chart(told).mark_bar().encode(
        x=alt.X("value:Q", title="行政复议申请 applications"),
        y=alt.Y("region_name:N", sort="-x", title=None),
        color=alt.Color("year:O", title="year"),
        tooltip=["region_name", "year", "value", "unit", "sentence"],
    )  # fmt: skip
    mo.vstack([mo.md("# Regions compared"), bars.properties(width=560), mo.ui.table(told)])


if __name__ == "__main__":
    app.run()
