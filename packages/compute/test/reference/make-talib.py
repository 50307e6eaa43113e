"""
Writes talib.json: outputs of the C library TA-Lib, on the bars of two stocks and on made bars with ties and flat parts.

    cc -O1 -shared -fPIC -Iinclude -Isrc/ta_common -Isrc/ta_func -o libta.so \
        src/ta_common/ta_global.c src/ta_common/ta_version.c src/ta_common/ta_retcode.c src/ta_func/*.c -lm
    python3 make-talib.py libta.so all_stocks_5yr.csv.gz > talib.json

in the folder ta-lib/c of TA-Lib's source, such as the npm package talib-binding 1.0.2 holds it. Unstable periods are 0,
and the compatibility is the default. Of each output there is the row where it begins, the first rows, and every 13th.
"""
import csv
import ctypes
import gzip
import json
import math
import sys

ROWS = {'AAPL': 250, 'GE': 250, 'made': 150}
FIRST, EVERY = 3, 13
SMA = 0

# TA-Lib's function, its inputs (c: close, as the one series, or h l c v o), its optional inputs; ours, our numbers.
CALLS = [
    ('SMA', 'c', [30], 'sma', [30]), ('SMA', 'c', [7], 'sma', [7]),
    ('EMA', 'c', [30], 'ema', [30]), ('EMA', 'c', [5], 'ema', [5]),
    ('WMA', 'c', [30], 'wma', [30]), ('WMA', 'c', [4], 'wma', [4]),
    ('DEMA', 'c', [30], 'dema', [30]), ('DEMA', 'c', [6], 'dema', [6]),
    ('TEMA', 'c', [30], 'tema', [30]), ('TEMA', 'c', [6], 'tema', [6]),
    ('TRIMA', 'c', [30], 'trima', [30]), ('TRIMA', 'c', [9], 'trima', [9]),
    ('KAMA', 'c', [30], 'kama', [30, 2, 30]), ('KAMA', 'c', [5], 'kama', [5, 2, 30]),
    ('T3', 'c', [5, 0.7], 't3', [5, 0.7]), ('T3', 'c', [3, 0.2], 't3', [3, 0.2]),
    ('MIDPOINT', 'c', [14], 'midpoint', [14]), ('MIDPRICE', 'hl', [14], 'midprice', [14]),
    ('BBANDS', 'c', [5, 2.0, 2.0, SMA], 'bollinger', [5, 2, 2]), ('BBANDS', 'c', [20, 2.5, 1.5, SMA], 'bollinger', [20, 2.5, 1.5]),
    ('SAR', 'hl', [0.02, 0.2], 'sar', [0.02, 0.2]), ('SAR', 'hl', [0.05, 0.11], 'sar', [0.05, 0.11]),
    ('PLUS_DM', 'hl', [14], 'plus-dm', [14]), ('MINUS_DM', 'hl', [14], 'minus-dm', [14]), ('MINUS_DM', 'hl', [3], 'minus-dm', [3]),
    ('PLUS_DI', 'hlc', [14], 'plus-di', [14]), ('MINUS_DI', 'hlc', [14], 'minus-di', [14]),
    ('DX', 'hlc', [14], 'dx', [14]), ('DX', 'hlc', [3], 'dx', [3]),
    ('ADX', 'hlc', [14], 'adx', [14]), ('ADX', 'hlc', [4], 'adx', [4]),
    ('ADXR', 'hlc', [14], 'adxr', [14]), ('ADXR', 'hlc', [5], 'adxr', [5]),
    ('AROON', 'hl', [14], 'aroon', [14]), ('AROON', 'hl', [5], 'aroon', [5]), ('AROONOSC', 'hl', [14], 'aroon-oscillator', [14]),
    ('RSI', 'c', [14], 'rsi', [14]), ('RSI', 'c', [3], 'rsi', [3]),
    ('CMO', 'c', [14], 'cmo', [14]), ('CMO', 'c', [3], 'cmo', [3]),
    ('MACD', 'c', [12, 26, 9], 'macd', [12, 26, 9]), ('MACD', 'c', [9, 5, 3], 'macd', [9, 5, 3]),
    ('APO', 'c', [12, 26, SMA], 'apo', [12, 26]), ('APO', 'c', [8, 3, SMA], 'apo', [8, 3]),
    ('PPO', 'c', [12, 26, SMA], 'ppo', [12, 26]),
    ('MOM', 'c', [10], 'momentum', [10]), ('ROC', 'c', [10], 'roc', [10]), ('ROCP', 'c', [10], 'rocp', [10]),
    ('TRIX', 'c', [30], 'trix', [30]), ('TRIX', 'c', [5], 'trix', [5]),
    ('STOCH', 'hlc', [5, 3, SMA, 3, SMA], 'stochastic', [5, 3, 3]), ('STOCH', 'hlc', [14, 1, SMA, 4, SMA], 'stochastic', [14, 1, 4]),
    ('STOCHF', 'hlc', [5, 3, SMA], 'stochastic-fast', [5, 3]),
    ('STOCHRSI', 'c', [14, 5, 3, SMA], 'stochastic-rsi', [14, 5, 3]),
    ('CCI', 'hlc', [14], 'cci', [14]), ('CCI', 'hlc', [5], 'cci', [5]),
    ('MFI', 'hlcv', [14], 'mfi', [14]), ('MFI', 'hlcv', [4], 'mfi', [4]),
    ('WILLR', 'hlc', [14], 'williams-r', [14]),
    ('ULTOSC', 'hlc', [7, 14, 28], 'ultimate-oscillator', [7, 14, 28]), ('ULTOSC', 'hlc', [9, 3, 5], 'ultimate-oscillator', [9, 3, 5]),
    ('BOP', 'ohlc', [], 'bop', []),
    ('TRANGE', 'hlc', [], 'true-range', []), ('ATR', 'hlc', [14], 'atr', [14]), ('ATR', 'hlc', [1], 'atr', [1]), ('NATR', 'hlc', [14], 'natr', [14]),
    ('STDDEV', 'c', [5, 1.0], 'stddev', [5, 1]), ('STDDEV', 'c', [20, 2.5], 'stddev', [20, 2.5]), ('VAR', 'c', [5, 1.0], 'variance', [5]),
    ('OBV', 'cv', [], 'obv', []), ('AD', 'hlcv', [], 'ad', []),
    ('ADOSC', 'hlcv', [3, 10], 'adosc', [3, 10]), ('ADOSC', 'hlcv', [9, 4], 'adosc', [9, 4]),
    ('LINEARREG', 'c', [14], 'linear-regression', [14]), ('LINEARREG_SLOPE', 'c', [14], 'linear-regression-slope', [14]),
    ('LINEARREG_ANGLE', 'c', [14], 'linear-regression-angle', [14]), ('TSF', 'c', [14], 'time-series-forecast', [14]),
    ('TYPPRICE', 'hlc', [], 'typical-price', []), ('MEDPRICE', 'hl', [], 'median-price', []),
    ('WCLPRICE', 'hlc', [], 'weighted-close', []), ('AVGPRICE', 'ohlc', [], 'average-price', []),
]
OUTPUTS = {'BBANDS': 3, 'AROON': 2, 'MACD': 3, 'STOCH': 2, 'STOCHF': 2, 'STOCHRSI': 2}
FIELDS = {'o': 'open', 'h': 'high', 'l': 'low', 'c': 'close', 'v': 'volume'}


def stock(path, name, rows):
    bars = {field: [] for field in FIELDS.values()}
    with gzip.open(path, 'rt') as file:
        for line in csv.DictReader(file):
            if line['Name'] == name and len(bars['close']) < rows:
                for field, values in bars.items():
                    values.append(float(line[field]))
    return bars


def made(rows):
    """Quarters, so that sums are exact: a flat part, ties, bars without a range, rows without volume, a climb and a fall."""
    bars = {field: [] for field in FIELDS.values()}
    close = 50.0
    for t in range(rows):
        flat = 20 <= t < 65 or t in (90, 91)
        step = 0.0 if flat else 0.25 * ((7 * t * t + 3 * t) % 11 - 5) if t < 110 else (1.0 if t < 130 else -1.25)
        opened, close = close, close + step
        spread = 0.0 if flat else 0.25 * (t % 3)
        bars['open'].append(opened)
        bars['high'].append(max(opened, close) + spread)
        bars['low'].append(min(opened, close) - spread)
        bars['close'].append(close)
        bars['volume'].append(0.0 if t % 10 == 9 or 40 <= t < 60 else 1000.0 * (1 + t % 5))
    return bars


def call(library, function, inputs, options, outputs):
    length = len(inputs[0])
    arrays = [(ctypes.c_double * length)(*values) for values in inputs]
    results = [(ctypes.c_double * length)() for _ in range(outputs)]
    begin, count = ctypes.c_int(), ctypes.c_int()
    numbers = [ctypes.c_double(o) if isinstance(o, float) else ctypes.c_int(o) for o in options]
    code = getattr(library, 'TA_' + function)(ctypes.c_int(0), ctypes.c_int(length - 1), *arrays, *numbers, ctypes.byref(begin), ctypes.byref(count), *results)
    if code != 0:
        raise RuntimeError(f'TA_{function}{options}: code {code}')
    return begin.value, [list(result[: count.value]) for result in results]


def main():
    library = ctypes.CDLL(sys.argv[1])
    library.TA_GetVersionString.restype = ctypes.c_char_p
    library.TA_Initialize()
    bars = {name: made(rows) if name == 'made' else stock(sys.argv[2], name, rows) for name, rows in ROWS.items()}
    values = []
    for function, letters, options, name, parameters in CALLS:
        for series, fields in bars.items():
            # On a flat part the strength is the same but for its last digits, and its place among its last rows is any.
            if function == 'STOCHRSI' and series == 'made':
                continue
            begin, outputs = call(library, function, [fields[FIELDS[letter]] for letter in letters], options, OUTPUTS.get(function, 1))
            rows = [row for row in range(len(outputs[0])) if row < FIRST or row % EVERY == 0]
            if not all(math.isfinite(value) for output in outputs for value in output):
                raise RuntimeError(f'TA_{function}{options} of {series} is not finite')
            values.append({'function': function, 'name': name, 'parameters': parameters, 'series': series, 'begin': begin, 'rows': [begin + row for row in rows], 'outputs': [[output[row] for row in rows] for output in outputs]})
    version = library.TA_GetVersionString().decode().split(' ')[0]
    head = {'library': 'TA-Lib', 'version': version, 'madeBy': 'make-talib.py', 'bars': 'AAPL and GE: the first rows of all_stocks_5yr.csv; made: see make-talib.py'}
    lines = [*(f'"{key}": {json.dumps(value)}' for key, value in head.items())]
    lines.append('"series": {\n' + ',\n'.join(f'"{name}": {json.dumps(fields, separators=(",", ":"))}' for name, fields in bars.items()) + '\n}')
    lines.append('"values": [\n' + ',\n'.join(json.dumps(value, separators=(',', ':')) for value in values) + '\n]')
    print('{\n' + ',\n'.join(lines) + '\n}')


main()
