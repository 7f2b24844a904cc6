-- The views and macros of the lake, over its tables. Every statement ends with a semicolon at the end of a line; `-- name: text` above a
-- view or macro is its description. {wide} is filled in with a column for every indicator of the codebook (schemas/views.py).

-- region_spells: Every region code with the years for which it stood for one name and division; exactly one row a code and year.
CREATE VIEW region_spells AS
SELECT
    region_code, region_name, full_name, level, parent_code, division_id,
    CASE WHEN region_code LIKE 'X%' THEN region_code[2:3] ELSE region_code[1:2] END || '0000' AS province_code,
    CASE WHEN row_number() OVER spells = 1 THEN 0 ELSE valid_from END AS from_year,
    coalesce(lead(valid_from) OVER spells, 9999) AS until_year
FROM regions
WINDOW spells AS (PARTITION BY region_code ORDER BY valid_from);

-- panel_labelled: The panel with the names of regions and indicators.
CREATE VIEW panel_labelled AS
SELECT
    panel.region_code, region_spells.region_name, region_spells.full_name, region_spells.level, region_spells.province_code,
    panel.code, indicators.name_zh, indicators.name_en, indicators.theme,
    panel.year, panel.value, panel.value_high, panel.unit, panel.comparator, panel.scope, panel.issuer_kind,
    panel.agreement, panel.vintages, panel.observation_id, panel.report_id
FROM panel
JOIN indicators USING (code)
JOIN region_spells
    ON region_spells.region_code = panel.region_code AND panel.year >= region_spells.from_year AND panel.year < region_spells.until_year;

-- evidence: The panel with the sentence and the document that each value was read from.
CREATE VIEW evidence AS
SELECT
    panel.region_code, panel.code, panel.year, panel.value, panel.unit, panel.comparator, panel.agreement,
    observations.quote, quantities.sentence, reports.title, reports.published_on, raw_files.source_url,
    panel.observation_id, panel.report_id
FROM panel
JOIN observations USING (observation_id)
JOIN quantities ON quantities.quantity_id = observations.quantity_id
JOIN reports ON reports.report_id = panel.report_id
JOIN raw_files ON raw_files.report_id = panel.report_id;

-- by_region: What there is of each region: its reports, years, indicators and values.
CREATE VIEW by_region AS
WITH told AS (
    SELECT region_code, count(*) AS values, count(DISTINCT code) AS indicators, min(year) AS first_year, max(year) AS last_year
    FROM panel GROUP BY region_code
), issued AS (
    SELECT region_code, count(*) AS reports FROM reports WHERE duplicate_of IS NULL AND region_code <> '' GROUP BY region_code
)
SELECT
    region_code, region_spells.region_name, region_spells.full_name, region_spells.level, coalesce(issued.reports, 0) AS reports,
    coalesce(told.values, 0) AS values, coalesce(told.indicators, 0) AS indicators, told.first_year, told.last_year
FROM issued
FULL JOIN told USING (region_code)
JOIN region_spells USING (region_code)
WHERE region_spells.until_year = 9999;

-- by_indicator: What there is of each indicator: regions, years, values and how they lie.
CREATE VIEW by_indicator AS
WITH told AS (
    SELECT
        code, count(*) AS values, count(DISTINCT region_code) AS regions, min(year) AS first_year, max(year) AS last_year,
        min(value) AS lowest, approx_quantile(value, 0.5) AS median, max(value) AS highest,
        count(*) FILTER (agreement = 'revised') AS revised, count(*) FILTER (agreement = 'conflict') AS conflicts
    FROM panel GROUP BY code
)
SELECT
    indicators.code, indicators.theme, indicators.name_zh, indicators.name_en, indicators.unit, coalesce(told.values, 0) AS values,
    coalesce(told.regions, 0) AS regions, told.first_year, told.last_year, told.lowest, told.median, told.highest,
    coalesce(told.revised, 0) AS revised, coalesce(told.conflicts, 0) AS conflicts
FROM indicators
LEFT JOIN told USING (code);

-- by_theme: What there is of each theme and year.
CREATE VIEW by_theme AS
WITH told AS (
    SELECT theme, year, region_code, count(*) AS values FROM panel JOIN indicators USING (code) GROUP BY ALL
)
SELECT theme, year, CAST(sum(values) AS BIGINT) AS values, count(*) AS regions FROM told GROUP BY theme, year;

-- latest: The newest value of every region and indicator.
CREATE VIEW latest AS
SELECT region_code, code, max(year) AS year, arg_max(value, year) AS value, arg_max(observation_id, year) AS observation_id
FROM panel GROUP BY region_code, code;

-- growth: Every value beside that of the year before: the difference, and the growth in percent (null from zero). Exact values only.
CREATE VIEW growth AS
SELECT
    region_code, code, now.year, now.value, earlier.value AS previous, now.value - earlier.value AS difference,
    CASE WHEN earlier.value <> 0 THEN (now.value - earlier.value) / abs(earlier.value) * 100 END AS growth_percent,
    now.unit, now.observation_id, earlier.observation_id AS previous_observation_id
FROM panel AS now
JOIN panel AS earlier USING (region_code, code)
WHERE now.year = earlier.year + 1
    AND now.comparator = 'eq' AND earlier.comparator = 'eq' AND now.value_high IS NULL AND earlier.value_high IS NULL;

-- province_rollup: Indicators that add up, summed over the counties of a province that tell them, with how many do and
-- how many there are. Functional zones are left out: their numbers may be in those of the county around them.
CREATE VIEW province_rollup AS
WITH additive AS MATERIALIZED (
    -- Grouping a million rows by numbers takes half the time of grouping them by names.
    SELECT code, unit, row_number() OVER (ORDER BY code) AS number FROM indicators WHERE additive
), counties AS (
    SELECT DISTINCT region_code, CAST(province_code AS INTEGER) AS province FROM region_spells WHERE level = 'county' AND region_code NOT LIKE 'X%'
), summed AS MATERIALIZED (
    SELECT
        counties.province, additive.number, panel.year, sum(panel.value) AS value, count(*) AS counties_reporting,
        count(*) FILTER (panel.comparator <> 'eq') AS approximate
    FROM panel
    JOIN additive USING (code)
    JOIN counties USING (region_code)
    GROUP BY ALL
), there AS (
    SELECT counties.province, years.year, count(DISTINCT region_code) AS counties
    FROM regions
    JOIN counties USING (region_code)
    JOIN (SELECT DISTINCT year FROM summed) AS years
        ON years.year >= regions.valid_from AND years.year <= coalesce(regions.valid_to, 9999)
    WHERE regions.level = 'county' GROUP BY ALL
)
SELECT
    names.region_code AS province_code, names.region_name AS province_name, additive.code, summed.year, summed.value, additive.unit,
    summed.counties_reporting, there.counties, summed.approximate, own.value AS told_by_province
FROM summed
JOIN additive USING (number)
JOIN region_spells AS names
    ON names.level = 'province' AND CAST(names.province_code AS INTEGER) = summed.province
    AND summed.year >= names.from_year AND summed.year < names.until_year
LEFT JOIN there ON there.province = summed.province AND there.year = summed.year
LEFT JOIN panel AS own ON own.region_code = names.region_code AND own.code = additive.code AND own.year = summed.year;

-- series_by_division: The panel on constant divisions: a county that was renamed or recoded is one series; region_code is the code as it was.
CREATE VIEW series_by_division AS
SELECT
    region_spells.division_id, panel.code, panel.year, panel.value, panel.value_high, panel.unit, panel.comparator, panel.agreement,
    panel.region_code, region_spells.region_name, panel.observation_id
FROM panel
JOIN region_spells
    ON region_spells.region_code = panel.region_code AND panel.year >= region_spells.from_year AND panel.year < region_spells.until_year;

-- series_by_code: The panel on region codes as they were, with the division each code belonged to.
CREATE VIEW series_by_code AS
SELECT region_code, code, year, value, value_high, unit, comparator, agreement, division_id, region_name, observation_id
FROM series_by_division;

-- panel_vintages: All tellings of the panel's rows with the day each was known and the document it stands in, the chosen one first.
CREATE VIEW panel_vintages AS
SELECT
    vintages.region_code, vintages.code, vintages.year, vintages.rank, vintages.value, vintages.value_high, vintages.unit,
    vintages.comparator, vintages.known_on, vintages.dated_by, reports.published_on, vintages.report_year, reports.title,
    vintages.observation_id, vintages.report_id
FROM vintages
JOIN reports USING (report_id);

-- target_progress: Targets with the names of regions and indicators, and how far the latest actual is from the threshold.
CREATE VIEW target_progress AS
SELECT
    targets.region_code, region_spells.region_name, targets.code, indicators.name_zh, targets.year AS horizon, targets.comparator,
    targets.value AS threshold, targets.actual, targets.actual_year, targets.actual - targets.value AS distance, targets.met,
    targets.trend, targets.slope, targets.unit, targets.observation_id, targets.report_id
FROM targets
JOIN indicators USING (code)
JOIN region_spells
    ON region_spells.region_code = targets.region_code AND targets.year >= region_spells.from_year
    AND targets.year < region_spells.until_year;

-- coverage_by_year: How many regions of each level tell how much, by year.
CREATE VIEW coverage_by_year AS
WITH told AS (SELECT region_code, year, coverage, count(*) AS indicators FROM coverage GROUP BY ALL)
SELECT
    level, year, count(DISTINCT region_code) AS regions,
    CAST(coalesce(sum(indicators) FILTER (coverage = 'reported'), 0) AS BIGINT) AS reported,
    CAST(coalesce(sum(indicators) FILTER (coverage = 'not_mentioned'), 0) AS BIGINT) AS not_mentioned,
    CAST(coalesce(sum(indicators) FILTER (coverage = 'no_report'), 0) AS BIGINT) AS no_report,
    CAST(coalesce(sum(indicators) FILTER (coverage = 'unreadable'), 0) AS BIGINT) AS unreadable
FROM told
JOIN region_spells USING (region_code)
WHERE year >= from_year AND year < until_year
GROUP BY level, year;

-- failed_audits: Identities that do not hold, with the document they stand in.
CREATE VIEW failed_audits AS
SELECT audits.report_id, reports.region_code, reports.report_year, reports.title, audits.kind, audits.expression, audits.difference,
    audits.tolerance, audits.rule, audits.quantity_ids, audits.audit_id
FROM audits
JOIN reports USING (report_id)
WHERE audits.verdict = 'fails';

-- panel_as_of: `panel_as_of(day)`: the value that the panel held on a day, out of the reports known by then.
CREATE MACRO panel_as_of(day) AS TABLE
SELECT region_code, code, year, value, value_high, unit, comparator, scope, issuer_kind, observation_id, report_id, known_on, dated_by
FROM vintages
WHERE known_on <= CAST(day AS DATE) AND (chosen_until IS NULL OR chosen_until > CAST(day AS DATE));

-- series_of: `series_of(region, indicator)`: one series with the quote of every value; region is a code or a division.
CREATE MACRO series_of(region, indicator) AS TABLE
SELECT panel.year, panel.value, panel.value_high, panel.comparator, panel.unit, panel.agreement, panel.region_code, observations.quote,
    panel.observation_id
FROM panel
JOIN (SELECT * FROM region_spells WHERE region_code = region OR division_id = region) AS spells
    ON spells.region_code = panel.region_code AND panel.year >= spells.from_year AND panel.year < spells.until_year
JOIN observations USING (observation_id)
WHERE panel.code = indicator
ORDER BY panel.year;

-- panel_wide: `panel_wide(['code', …])`: a row a region and year, a column an indicator of the list. DuckDB macros take no variable number of
-- arguments, hence the list.
CREATE MACRO panel_wide(codes) AS TABLE
WITH wide AS (
    SELECT region_code, year, {wide}
    FROM panel WHERE list_contains(codes, code) GROUP BY region_code, year
)
SELECT region_code, year, COLUMNS(lambda name: list_contains(codes, name)) FROM wide;
