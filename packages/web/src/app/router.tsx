/** Each page is its own chunk, loaded when it is first opened. */
import { whenReachable } from '../lib/when-reachable.ts';
import { createBrowserRouter } from 'react-router';
import { Layout } from './layout.tsx';
import { NotFound, RouteError } from './route-error.tsx';

export const router = createBrowserRouter([
  {
    path: '/',
    element: <Layout />,
    errorElement: <RouteError />,
    hydrateFallbackElement: <></>,
    children: [
      {
        errorElement: <RouteError />,
        children: [
          { index: true, lazy: async () => ({ Component: (await whenReachable(() => import('../features/home/home-page.tsx'))).HomePage }) },
          { path: 'datasets', lazy: async () => ({ Component: (await whenReachable(() => import('../features/datasets/datasets-page.tsx'))).DatasetsPage }) },
          { path: 'datasets/:id', lazy: async () => ({ Component: (await whenReachable(() => import('../features/datasets/dataset-page.tsx'))).DatasetPage }) },
          { path: 'new', lazy: async () => ({ Component: (await whenReachable(() => import('../features/analyses/new-analysis-page.tsx'))).NewAnalysisPage }) },
          { path: 'jobs', lazy: async () => ({ Component: (await whenReachable(() => import('../features/jobs/jobs-page.tsx'))).JobsPage }) },
          { path: 'jobs/:id', lazy: async () => ({ Component: (await whenReachable(() => import('../features/jobs/job-page.tsx'))).JobPage }) },
          { path: 'engines', lazy: async () => ({ Component: (await whenReachable(() => import('../features/engines/engines-page.tsx'))).EnginesPage }) },
          { path: '*', element: <NotFound /> },
        ],
      },
    ],
  },
]);
