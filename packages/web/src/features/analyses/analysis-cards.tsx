import { Radio, SimpleGrid, Text } from '@mantine/core';
import type { AnalysisInfo } from '@corrente/shared/contract/analysis';
import classes from './new-analysis.module.css';

export interface AnalysisCardsProps {
  readonly analyses: readonly AnalysisInfo[];
  readonly value: string | null;
  readonly onChange: (name: string) => void;
}

export function AnalysisCards({ analyses, value, onChange }: AnalysisCardsProps) {
  return (
    <Radio.Group value={value} onChange={onChange} aria-label="Analysis">
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        {analyses.map(({ name, title, summary }) => (
          <Radio.Card key={name} value={name} className={classes['card']} aria-label={title}>
            <Radio.Indicator size="xs" />
            <span>
              <Text component="span" fw={550} size="sm" display="block">{title}</Text>
              <Text component="span" size="xs" c="dimmed" display="block">{summary}</Text>
            </span>
          </Radio.Card>
        ))}
      </SimpleGrid>
    </Radio.Group>
  );
}
