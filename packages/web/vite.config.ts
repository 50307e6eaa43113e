import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** While developing, the API is another process: `CORRENTE_SERVER` names it. In production it serves this page itself. */
const server = process.env['CORRENTE_SERVER'] ?? 'http://127.0.0.1:8420';
const target = { target: server, changeOrigin: true, headers: { origin: server } };

export default defineConfig({
  plugins: [react()],
  server: { port: 5180, proxy: { '/v1': target, '/docs': target, '/openapi.json': target, '/readyz': target } },
  // Workers load what they need when they need it.
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    // As written: the colours of both schemes stand in light-dark().
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // Fonts stay files: the content security policy need not allow data URLs for them.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler|react-router)\// },
            { name: 'mantine', test: /node_modules\/(@mantine|@floating-ui)\// },
            { name: 'arrow', test: /node_modules\/(apache-arrow|flatbuffers)\// },
            { name: 'forms', test: /node_modules\/(@rjsf|@x0k|markdown-to-jsx)\// },
          ],
        },
      },
    },
  },
});
