"""Studies: every statistic for whoever has a table, by command, interface and file.

ISO 9001:2015, 9.1.3. Used by quality engineers and programs: a CSV, XLSX or Parquet file or JSON
in, the result with method, options, convention and source out, as text, JSON, page or picture.
Which methods there are and what they take comes from `andon.stats.catalogue` alone.
"""
