import { useComputedColorScheme } from '@mantine/core';

/** The scheme that is showing, for what draws on a canvas. */
export function useScheme(): 'light' | 'dark' {
  return useComputedColorScheme('light', { getInitialValueInEffect: false });
}
