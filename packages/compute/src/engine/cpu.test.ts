import { cpuEngine } from './cpu.ts';
import { runEngineCases } from './engine.cases.vitest.ts';
runEngineCases('cpu', cpuEngine());
