/** One accent, neutral greys, small radii, figures that line up: the page is an instrument. */
import { createTheme, type CSSVariablesResolver } from '@mantine/core';

export const theme = createTheme({
  primaryColor: 'current',
  primaryShade: { light: 7, dark: 5 },
  colors: {
    current: ['#e8f6f6', '#d3ebec', '#a7d7d9', '#78c2c5', '#52b0b4', '#3aa5aa', '#2a949a', '#177077', '#0f5c63', '#04464d'],
    dark: ['#d5d9dd', '#b4bac1', '#8b939b', '#646c74', '#3c434a', '#2c3238', '#20252a', '#171b1f', '#121518', '#0c0e10'],
  },
  fontFamily: "'IBM Plex Sans Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'IBM Plex Mono', ui-monospace, monospace",
  headings: { fontWeight: '600', sizes: { h1: { fontSize: '1.5rem', lineHeight: '1.25' }, h2: { fontSize: '1.0625rem', lineHeight: '1.4' }, h3: { fontSize: '0.9375rem', lineHeight: '1.4' } } },
  fontSizes: { xs: '0.75rem', sm: '0.8438rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.25rem' },
  defaultRadius: 'sm',
  radius: { xs: '2px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true } },
    InputWrapper: { defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] } },
    Table: { defaultProps: { borderColor: 'var(--corrente-line)' } },
    Button: { defaultProps: { size: 'sm' } },
  },
});

/** Text that is secondary still reads at 4.5:1 on both grounds. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: { '--mantine-color-dimmed': '#5b646d', '--corrente-line': '#dfe3e6', '--corrente-ground': '#f6f7f8', '--corrente-surface': '#ffffff', '--mantine-color-body': '#f6f7f8' },
  dark: { '--mantine-color-dimmed': '#98a1a9', '--corrente-line': '#2c3238', '--corrente-ground': '#121518', '--corrente-surface': '#171b1f', '--mantine-color-body': '#121518' },
});
