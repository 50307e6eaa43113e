/** A built-in model as `--model tfjs` saves it, run by TensorFlow.js in the browser. */
import { expect, test } from '@playwright/test';
import { initialParameters, type Layer, type LayeredModel } from '@corrente/shared/portable/trainer/layers';
import { PortableTrainer } from '@corrente/shared/portable/trainer/trainer';
import { tfjsModelOf } from '@corrente/shared/tfjs/export-model';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(join(import.meta.dirname, '..', '..', 'packages', 'compute', 'package.json'));
const bundle = (name: string): string => join(dirname(require.resolve(`@tensorflow/${name}/package.json`)), 'dist', `${name.replace('tfjs', 'tf')}.min.js`);

const [steps, horizon, length] = [12, 3, 12];
const head: Layer = { kind: 'dense', units: horizon, activation: 'linear' };
const chains: Record<string, Layer[]> = {
  dlinear: [{ kind: 'decompose', window: 5 }, { kind: 'flatten' }, head],
  lstm: [{ kind: 'lstm', units: 4, sequences: false }, head],
  tcn: [{ kind: 'tcn', filters: 4, kernel: 3, dilation: 1, dropout: 0.1 }, { kind: 'tcn', filters: 4, kernel: 3, dilation: 2, dropout: 0.1 }, { kind: 'last' }, head],
};

for (const [name, layers] of Object.entries(chains)) {
  test(`an exported ${name} foretells in the browser what the trainer does`, async ({ page }) => {
    const model: LayeredModel = { steps, features: 1, anchored: true, layers };
    const parameters = initialParameters(model, [2, 0, 0, 0]);
    const values = Float64Array.from({ length }, (_, t) => Math.sin(t / 2) + t / 10);
    const windows = { columns: { values, series: 1, length, stride: length }, horizon, groups: [{ inputs: Int32Array.of(0), targets: Int32Array.of(0) }] };
    const wanted = await new PortableTrainer(windows, model, 'mse', parameters, false).forecast(Int32Array.of(steps), {});

    await page.goto('about:blank');
    for (const part of ['tfjs-core', 'tfjs-backend-cpu', 'tfjs-layers']) await page.addScriptTag({ path: bundle(part) });
    const saved = JSON.stringify(tfjsModelOf(model, parameters, { targets: 1, name, metadata: null }));
    // As the docs say it, in the page's own words.
    const made: unknown = await page.evaluate(`(async () => {
      const saved = JSON.parse(${JSON.stringify(saved)});
      const weightData = Uint8Array.from(atob(saved.weightData), (c) => c.charCodeAt(0)).buffer;
      const model = await tf.loadLayersModel(tf.io.fromMemory({ ...saved, weightData }));
      return Array.from(model.predict(tf.tensor(${JSON.stringify([...values])}, [1, ${steps}, 1])).dataSync());
    })()`);
    expect(made).toHaveLength(horizon);
    expect(made).toEqual([...wanted].map((value): unknown => expect.closeTo(value, 5)));
  });
}
