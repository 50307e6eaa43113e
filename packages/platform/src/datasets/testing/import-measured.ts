/** For tests: imports one file and tells how much memory the process took at most. */
import { importFile } from '../import-file.ts';

const [path = '', store = '', tempFolder = '', memoryLimit = ''] = process.argv.slice(2);
const { rows, report } = await importFile(path, { store, tempFolder, memoryLimit: Number(memoryLimit), threads: 2 });
process.send?.({ rows, bad: report.badCells.count, peak: process.resourceUsage().maxRSS * 1024 });
process.disconnect();
