"""Writes src/quant/sobol-directions.ts from the direction numbers that scipy ships.

Source: S. Joe and F. Y. Kuo, new-joe-kuo-6.21201 (2008), https://web.maths.unsw.edu.au/~fkuo/sobol/ (BSD licence),
as stored in scipy/stats/_sobol_direction_numbers.npz.
Run: python3 -m venv /tmp/oracle && /tmp/oracle/bin/pip install numpy==2.4.6 scipy==1.17.1
     /tmp/oracle/bin/python scripts/oracle/sobol-directions.py
"""

import base64
import os
import textwrap

import numpy as np
import scipy

DIMENSIONS = 1001
here = os.path.dirname(os.path.abspath(__file__))
stored = np.load(os.path.join(os.path.dirname(scipy.__file__), "stats", "_sobol_direction_numbers.npz"))

words = []
for dimension in range(1, DIMENSIONS):
    polynomial = int(stored["poly"][dimension])
    degree = polynomial.bit_length() - 1
    initial = [int(m) for m in stored["vinit"][dimension][:degree]]
    assert polynomial < 1 << 16 and all(m % 2 == 1 and m < 1 << (k + 1) for k, m in enumerate(initial))
    words += [polynomial, *initial]

text = base64.b64encode(np.array(words, dtype="<u2").tobytes()).decode()
lines = "\n".join(f"  '{line}'," for line in textwrap.wrap(text, 116))
with open(os.path.join(here, "..", "..", "src", "quant", "sobol-directions.ts"), "w") as out:
    out.write(
        f"""// Written by scripts/oracle/sobol-directions.py; do not edit.

/** Dimensions in the table, the first one (van der Corput) included. */
export const SOBOL_DIMENSION_MAX = {DIMENSIONS};

/**
 * Per dimension from the second: primitive polynomial with all its bits, then its initial direction numbers m₁…m_s, as
 * little-endian 16-bit words in base64. Source: Joe & Kuo (2008), new-joe-kuo-6.21201, BSD licence, through scipy.
 */
export const SOBOL_DIRECTIONS_BASE64 = [
{lines}
].join('');
"""
    )
