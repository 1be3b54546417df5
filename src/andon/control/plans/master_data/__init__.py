"""Master data in one readable file: all of organization and standards, as TOML or XLSX.

Each sheet (an array of tables in TOML) holds one kind of entry, each row one entry, known by its
key. A row says everything about its entry: what it leaves out is empty or the default. Entries
that the file does not name stay as they are. Everything is loaded or nothing.
"""

from andon.control.plans.master_data.export import export_master
from andon.control.plans.master_data.load import LoadReport, load_master

__all__ = ["LoadReport", "export_master", "load_master"]
