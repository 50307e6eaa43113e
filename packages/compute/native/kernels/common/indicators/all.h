// Every indicator there is, in the order of the catalogue (packages/shared/src/contract/indicators).
#pragma once

#include "averages.h"
#include "bands.h"
#include "momentum.h"
#include "oscillators.h"
#include "prices.h"
#include "regressions.h"
#include "stops.h"
#include "trend.h"
#include "volatility.h"
#include "volume.h"

namespace corrente::indicator {

// Calls visit.template operator()<Indicator>() with each.
template <class M, class Visit>
constexpr void for_each_indicator(Visit&& visit) {
  const auto all = [&]<template <class> class... Indicator>() { (visit.template operator()<Indicator<M>>(), ...); };
  all.template operator()<Sma, ExponentialAverage, Wma, Dema, Tema, Trima, Kama, T3, Hma, Alma, Zlema, Vwma, Vwap>();
  all.template operator()<Midpoint, Midprice, Bollinger, Keltner, Donchian, Sar, Supertrend, Ichimoku>();
  all.template operator()<PlusDm, MinusDm, PlusDi, MinusDi, Dx, Adx, Adxr, Aroon, AroonOscillator>();
  all.template operator()<Rsi, Cmo, Macd, Apo, Ppo, Momentum, Roc, Rocp, Trix, AwesomeOscillator>();
  all.template operator()<Stochastic, FastStochastic, StochasticRsi, Cci, MoneyFlow, WilliamsR, UltimateOscillator, BalanceOfPower>();
  all.template operator()<TrueRanges, Atr, Natr, StandardDeviation, Variance>();
  all.template operator()<Obv, Ad, Adosc, Cmf, ForceIndex, EaseOfMovement>();
  all.template operator()<LinearRegression, RegressionSlope, RegressionAngle, Forecast>();
  all.template operator()<TypicalPrice, MedianPrice, WeightedClose, AveragePrice>();
}

}  // namespace corrente::indicator
