"""Aggregates of the history by one expression each, on whichever engine the setting names.

`embedded` computes in this process; `spark` hands the same files to a cluster of Apache Spark.
"""
