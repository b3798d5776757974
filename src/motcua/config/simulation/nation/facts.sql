-- The facts of a made-up nation, a row a number. 982 services, of which communes handle 300; 25 sectors. u1 to u9: independent
-- numbers from 0 to below 1 of a row; s1 to s4: of its service. Filled in by writing.py: seed, start, rows, last working day.
WITH
  (SELECT provinces FROM motcua.world) AS provinces, (SELECT communes FROM motcua.world) AS communes,
  (SELECT within FROM motcua.world) AS within, (SELECT days FROM motcua.world) AS days
SELECT
  if(at_province, provinces[place], communes[commune]) AS agency,
  splitByChar('/', provinces[place])[2] AS province,
  if(at_province, 'province', 'commune') AS level,
  concat('0.', leftPad(toString(service), 6, '0')) AS procedure,
  concat('Lĩnh vực mẫu ', leftPad(toString(service %% 25 + 1), 2, '0')) AS sector,
  channel, if(s1 < 0.576, 'full', 'partial') AS offered,
  toDateTime(days[day]) + toIntervalSecond(toUInt32(if(channel = 2, 21600 + u6 * 54000, 25200 + u6 * 34200))) AS submitted,
  if(waits, NULL, submitted + 900) AS received,
  if(waits, NULL, days[day + within_days]) AS due,
  if(is_done AND ending = '', greatest(toDateTime(days[last]) + 27000 + toIntervalSecond(toUInt32(u7 * 30000)), received + 3600), NULL)
    AS finished,
  if(finished IS NULL, '', multiIf(last < day + within_days, 'early', last = day + within_days, 'on_time', 'late')) AS class,
  if(finished IS NULL, NULL, worked) AS worked_minutes,
  cityHash64(row, 20, %(seed)d) %% 100 < 90 AS papers, papers AND cityHash64(row, 21, %(seed)d) %% 100 < if(channel = 2, 96, 24) AS digitised,
  papers AND cityHash64(row, 22, %(seed)d) %% 100 < 14 AS reused,
  s2 < 0.4 AS obligation, obligation AND NOT waits AND cityHash64(row, 23, %(seed)d) %% 100 < 47 AS paid,
  finished IS NOT NULL AND s3 < 0.93 AS result_expected,
  result_expected AND cityHash64(row, 24, %(seed)d) %% 100 < 83 AS result_electronic,
  result_expected AND (result_electronic OR cityHash64(row, 25, %(seed)d) %% 100 < 30) AS result_digitised,
  finished IS NOT NULL AND channel = 2 AND offered = 'full' AND result_electronic AS throughout,
  ending, if(ending = '', NULL, days[last]) AS ended,
  if(finished IS NOT NULL AND cityHash64(row, 26, %(seed)d) %% 100 < 38,
     multiIf(u9 < 0.07, 1, u9 < 0.55, 2, 3), 0) AS rating,
  if(rating = 0, NULL, toDate(finished)) AS rated,
  multiIf(waits, 'waiting', ending != '', '', NOT is_done, if(u9 < 0.08, 'standing', 'running'),
          last >= %(last)d - 1 AND u9 < 0.5, 'ready', '') AS state
FROM (
  SELECT *,
    within[commune] AS place,
    [1, 2, 3, 5, 7, 10, 15, 20][toUInt32(floor(s4 * 8)) + 1] AS within_days,
    toUInt32(ceil(within_days * 480 * if(u4 < 0.03, 1.05 + u5, 0.08 + u5 * 0.88))) AS worked,
    toUInt32(day + intDiv(worked, 480)) AS last, last <= %(last)d AS is_done,
    NOT is_done AND day = %(last)d AND u5 < 0.3 AS waits,
    if(is_done, multiIf(u7 < 0.015, 'refused', u7 < 0.022, 'withdrawn', u7 < 0.025, 'stopped', ''), '') AS ending,
    toUInt8(multiIf(u8 < if(at_province, 0.24, 0.08), if(u8 < 0.012, 3, 1), 2)) AS channel
  FROM (
    SELECT number AS row,
      cityHash64(row, 1, %(seed)d) / 18446744073709551616. AS u1, cityHash64(row, 2, %(seed)d) / 18446744073709551616. AS u2,
      cityHash64(row, 3, %(seed)d) / 18446744073709551616. AS u3, cityHash64(row, 4, %(seed)d) / 18446744073709551616. AS u4,
      cityHash64(row, 5, %(seed)d) / 18446744073709551616. AS u5, cityHash64(row, 6, %(seed)d) / 18446744073709551616. AS u6,
      cityHash64(row, 7, %(seed)d) / 18446744073709551616. AS u7, cityHash64(row, 8, %(seed)d) / 18446744073709551616. AS u8,
      cityHash64(row, 9, %(seed)d) / 18446744073709551616. AS u9,
      u1 < 0.22 AS at_province,
      1 + toUInt32(floor(least(0.999999999, pow(u2, 1.4)) * length(communes))) AS commune,
      1 + toUInt32(floor(if(at_province, 300 + pow(u3, 4) * 682, pow(u3, 6) * 300))) AS service,
      1 + toUInt32(floor(cityHash64(row, 10, %(seed)d) / 18446744073709551616. * %(last)d)) AS day,
      cityHash64(service, 11, %(seed)d) / 18446744073709551616. AS s1, cityHash64(service, 12, %(seed)d) / 18446744073709551616. AS s2,
      cityHash64(service, 13, %(seed)d) / 18446744073709551616. AS s3, cityHash64(service, 14, %(seed)d) / 18446744073709551616. AS s4
    FROM numbers(%(start)d, %(rows)d)
  )
)
