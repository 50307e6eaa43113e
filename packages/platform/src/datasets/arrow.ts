import type { Duck } from './duckdb.ts';
import type { Staged } from './staged.ts';
import type { Head } from './text/magic.ts';
import type { StageOptions } from './text/stage.ts';
export async function stageArrow(_duck: Duck, _head: Head, _options: StageOptions): Promise<Staged> { throw new Error('not here yet'); }
