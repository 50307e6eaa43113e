import { ActionIcon, AppShell, Burger, Group, NavLink, Text, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useEffect } from 'react';
import { Link, Outlet, useLocation } from 'react-router';
import { ApiKeyDialog } from './api-key-dialog.tsx';
import { BookIcon, DataIcon, EngineIcon, HomeIcon, JobsIcon, MoonIcon, NewIcon, SunIcon } from './icons.tsx';
import classes from './layout.module.css';
import { ServerStatus } from './server-status.tsx';

const pages = [
  { to: '/', label: 'Home', icon: <HomeIcon /> },
  { to: '/datasets', label: 'Data sets', icon: <DataIcon /> },
  { to: '/new', label: 'New analysis', icon: <NewIcon /> },
  { to: '/jobs', label: 'Jobs', icon: <JobsIcon /> },
  { to: '/engines', label: 'Engines', icon: <EngineIcon /> },
] as const;

export function Layout() {
  const [opened, { toggle, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  useEffect(close, [pathname, close]);
  return (
    <AppShell header={{ height: 48, collapsed: false }} navbar={{ width: 208, breakpoint: 'sm', collapsed: { mobile: !opened } }} padding={{ base: 'md', sm: 'xl' }}>
      <a href="#content" className={classes['skip']}>
        Skip to the content
      </a>
      <AppShell.Header className={classes['header']}>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={opened ? 'Close the menu' : 'Open the menu'} />
            <Link to="/" className={classes['brand']}>
              <img src="/favicon.svg" alt="" width={22} height={22} />
              <Text component="span" fw={600}>Corrente</Text>
            </Link>
          </Group>
          <Group gap="sm" wrap="nowrap">
            <ServerStatus />
            <SchemeSwitch />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" className={classes['navbar']} aria-label="Pages">
        {pages.map(({ to, label, icon }) => (
          <NavLink key={to} component={Link} to={to} label={label} leftSection={icon} className={classes['link']} {...activeProps(to === '/' ? pathname === '/' : pathname.startsWith(to))} />
        ))}
        <div className={classes['spring']} />
        <NavLink href="/docs/api" label="HTTP API" leftSection={<BookIcon />} className={classes['link']} />
      </AppShell.Navbar>
      <AppShell.Main id="content" className={classes['main']}>
        <div className={classes['content']}>
          <Outlet />
        </div>
      </AppShell.Main>
      <ApiKeyDialog />
    </AppShell>
  );
}

function activeProps(active: boolean) {
  return active ? ({ active: true, 'aria-current': 'page' } as const) : { active: false };
}

function SchemeSwitch() {
  const scheme = useComputedColorScheme('light');
  const { setColorScheme } = useMantineColorScheme();
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <Tooltip label={`Use the ${other} scheme`}>
      <ActionIcon variant="subtle" color="gray" onClick={() => setColorScheme(other)} aria-label={`Use the ${other} colour scheme`}>
        {scheme === 'dark' ? <SunIcon /> : <MoonIcon />}
      </ActionIcon>
    </Tooltip>
  );
}
