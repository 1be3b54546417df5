"""The tables of attribute sampling as facts: code letters, sizes, acceptance numbers.

Letters and AQLs lie on equidistant scales, so that every cell of a master table depends on the sum
of the two positions alone: one row of numbers per table tells it all, arrows included.

Source: MIL-STD-105E (1989), a work of the US government: table I (code letters), II-A, II-B, II-C
(single), III-A, III-B, III-C (double), IV-A, IV-B (multiple), as ANSI/ASQ Z1.4. ISO 2859-1:1999
shares the single ones, normal and tightened; its multiple plans have five samples, and its double
and reduced plans are its own. The multiple plans of AQL 6.5 were compared with 46 CFR 160.066-12
and 160.021-4; each double and multiple plan has nearly the curve of its single plan (tests), but
the tables III and IV were not compared cell by cell with a printed copy.
"""

LETTERS = "ABCDEFGHJKLMNPQR"
SIZES = (2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1250, 2000, 3150)
AQLS = (
    0.010, 0.015, 0.025, 0.040, 0.065, 0.10, 0.15, 0.25,
    0.40, 0.65, 1.0, 1.5, 2.5, 4.0, 6.5, 10.0,
)  # fmt: skip

LEVELS = ("S-1", "S-2", "S-3", "S-4", "I", "II", "III")
# Largest lot of each row and its letters at the seven levels (table I).
LOT_ROWS = (
    (8, "AAAAAAB"),
    (15, "AAAAABC"),
    (25, "AABBBCD"),
    (50, "ABBCCDE"),
    (90, "BBCCCEF"),
    (150, "BBCDDFG"),
    (280, "BCDEEGH"),
    (500, "BCDEFHJ"),
    (1_200, "CCEFGJK"),
    (3_200, "CDEGHKL"),
    (10_000, "CDFGJLM"),
    (35_000, "CDFHKMN"),
    (150_000, "DEGJLNP"),
    (500_000, "DEGJMPQ"),
    (None, "DEHKNQR"),
)

# Position of the plans with acceptance number 0, and of the first with more.
ZERO_LINE = {"normal": 14, "tightened": 15, "reduced": 14}
FIRST_LINE = {"normal": 17, "tightened": 18, "reduced": 17}
LAST_LINE = 24

# Steps by which a plan's sample is smaller than that of the normal single plan of its letter.
SIZE_STEPS = {
    ("single", "normal"): 0, ("single", "tightened"): 0, ("single", "reduced"): 2,
    ("double", "normal"): 1, ("double", "tightened"): 1, ("double", "reduced"): 3,
    ("multiple", "normal"): 3, ("multiple", "tightened"): 3,
}  # fmt: skip

# By line: (acceptance, rejection) after each sample; None: no acceptance yet.
Line = tuple[tuple[int | None, int], ...]

NORMAL_SINGLE = {17: 1, 18: 2, 19: 3, 20: 5, 21: 7, 22: 10, 23: 14, 24: 21}
TIGHTENED_SINGLE = {18: 1, 19: 2, 20: 3, 21: 5, 22: 8, 23: 12, 24: 18}
REDUCED_SINGLE: dict[int, Line] = {
    17: ((0, 2),), 18: ((1, 3),), 19: ((1, 4),), 20: ((2, 5),),
    21: ((3, 6),), 22: ((5, 8),), 23: ((7, 10),), 24: ((10, 13),),
}  # fmt: skip
REDUCED_DOUBLE: dict[int, Line] = {
    17: ((0, 2), (0, 2)), 18: ((0, 3), (0, 4)), 19: ((0, 4), (1, 5)), 20: ((0, 4), (3, 6)),
    21: ((1, 5), (4, 7)), 22: ((2, 7), (6, 9)), 23: ((3, 8), (8, 12)), 24: ((5, 10), (12, 16)),
}  # fmt: skip

# By the acceptance number of the single plan they replace.
DOUBLE: dict[int, Line] = {
    1: ((0, 2), (1, 2)),
    2: ((0, 3), (3, 4)),
    3: ((1, 4), (4, 5)),
    5: ((2, 5), (6, 7)),
    7: ((3, 7), (8, 9)),
    8: ((3, 7), (11, 12)),
    10: ((5, 9), (12, 13)),
    12: ((6, 10), (15, 16)),
    14: ((7, 11), (18, 19)),
    18: ((9, 14), (23, 24)),
    21: ((11, 16), (26, 27)),
}
MULTIPLE: dict[int, Line] = {
    1: ((None, 2), (None, 2), (0, 2), (0, 3), (1, 3), (1, 3), (2, 3)),
    2: ((None, 2), (0, 3), (0, 3), (1, 4), (2, 4), (3, 5), (4, 5)),
    3: ((None, 3), (0, 3), (1, 4), (2, 5), (3, 6), (4, 6), (6, 7)),
    5: ((None, 4), (1, 5), (2, 6), (3, 7), (5, 8), (7, 9), (9, 10)),
    7: ((0, 4), (1, 6), (3, 8), (5, 10), (7, 11), (10, 12), (13, 14)),
    8: ((0, 4), (2, 7), (4, 9), (6, 11), (9, 12), (12, 14), (14, 15)),
    10: ((0, 5), (3, 8), (6, 10), (8, 13), (11, 15), (14, 17), (18, 19)),
    12: ((0, 6), (3, 9), (7, 12), (10, 15), (14, 17), (18, 20), (21, 22)),
    14: ((1, 7), (4, 10), (8, 13), (12, 17), (17, 20), (21, 23), (25, 26)),
    18: ((1, 8), (6, 12), (11, 17), (16, 22), (22, 25), (27, 29), (32, 33)),
    21: ((2, 9), (7, 14), (13, 19), (19, 25), (25, 29), (31, 33), (37, 38)),
}
