import { runEngineCases } from './engine.cases.vitest.ts';
import { portableEngine } from './portable.ts';

runEngineCases('portable engine', portableEngine());
