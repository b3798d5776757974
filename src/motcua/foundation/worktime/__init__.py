"""Working time: is an office open, how long is there still, when is something due and why.

Pure: a calendar comes in as a value, the present moment as an argument; nothing here reads a clock, a file
or a table of holidays. Owns no table. `calendars`: which days and hours count. `limits`: a published time
limit. `moments`: moving along working time. `deadlines`: due dates. `steps`: their arithmetic, day by day.
`history`: a clock with its `events`: stops, restarts, an extension, the end.
All moments are answered in Vietnamese time (+07:00, no summer time).

Source: Decree 61/2018/NĐ-CP Art. 17-19, kept by Decree 118/2025/NĐ-CP; Labour Code 45/2019/QH14 Art. 111-112;
Civil Code 91/2015/QH13 Art. 147-148.
"""
