/** Line icons on a 16-pixel grid, drawn in the text's colour and hidden from screen readers. */
import type { ReactNode } from 'react';

export interface IconProps {
  readonly size?: number;
}

function icon(shape: ReactNode) {
  return function Icon({ size = 16 }: IconProps) {
    return (
      <svg width={size} height={size} viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false" style={{ flexShrink: 0 }}>
        {shape}
      </svg>
    );
  };
}

export const HomeIcon = icon(<path d="M2.5 7.2 8 2.5l5.5 4.7v6.3h-4v-4h-3v4h-4z" />);
export const DataIcon = icon(<><ellipse cx="8" cy="3.7" rx="5.2" ry="1.9" /><path d="M2.8 3.7v8.6c0 1 2.3 1.9 5.2 1.9s5.2-.9 5.2-1.9V3.7M2.8 8c0 1 2.3 1.9 5.2 1.9s5.2-.9 5.2-1.9" /></>);
export const NewIcon = icon(<path d="M8 3v10M3 8h10" />);
export const JobsIcon = icon(<path d="M2.5 4h1M2.5 8h1M2.5 12h1M6 4h7.5M6 8h7.5M6 12h7.5" />);
export const EngineIcon = icon(<><rect x="4" y="4" width="8" height="8" rx="1" /><path d="M6.5 1.5V4M9.5 1.5V4M6.5 12v2.5M9.5 12v2.5M1.5 6.5H4M1.5 9.5H4M12 6.5h2.5M12 9.5h2.5" /></>);
export const SunIcon = icon(<><circle cx="8" cy="8" r="2.8" /><path d="M8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9" /></>);
export const MoonIcon = icon(<path d="M13.3 9.6A5.8 5.8 0 0 1 6.4 2.7a5.8 5.8 0 1 0 6.9 6.9z" />);
export const BookIcon = icon(<path d="M8 3.8C6.7 2.9 4.8 2.6 2.5 2.8v9.6c2.3-.2 4.2.1 5.5 1 1.3-.9 3.2-1.2 5.5-1V2.8C11.2 2.6 9.3 2.9 8 3.8zm0 0v9.6" />);
export const UploadIcon = icon(<path d="M8 10.5v-8M5 5.3l3-2.8 3 2.8M2.5 10.5v3h11v-3" />);
export const DownloadIcon = icon(<path d="M8 2.5v8M5 7.7l3 2.8 3-2.8M2.5 10.5v3h11v-3" />);
export const TrashIcon = icon(<path d="M2.5 4.3h11M6 4.3V2.5h4v1.8M4 4.3l.6 9.2h6.8l.6-9.2M6.7 7v4M9.3 7v4" />);
export const PlusIcon = icon(<path d="M8 3.5v9M3.5 8h9" />);
export const MinusIcon = icon(<path d="M3.5 8h9" />);
export const FitIcon = icon(<path d="M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10" />);
export const CheckIcon = icon(<path d="m3 8.5 3.3 3.3L13 4.7" />);
export const WarningIcon = icon(<path d="M8 2.3 14.3 13H1.7zM8 6.5v3M8 11.3v.1" />);
export const InfoIcon = icon(<><circle cx="8" cy="8" r="5.8" /><path d="M8 7.3v3.5M8 5.1v.1" /></>);
export const ChevronIcon = icon(<path d="m6 3.5 4.5 4.5L6 12.5" />);
export const UpIcon = icon(<path d="M8 13V3.5M4.5 6.7 8 3.3l3.5 3.4" />);
export const DownIcon = icon(<path d="M8 3v9.5M4.5 9.3 8 12.7l3.5-3.4" />);
export const CopyIcon = icon(<><rect x="5.5" y="5.5" width="8" height="8" rx="1" /><path d="M10.5 5.5v-3h-8v8h3" /></>);
export const RetryIcon = icon(<path d="M13 8a5 5 0 1 1-1.6-3.7M13 2.3v2.9h-2.9" />);
export const StopIcon = icon(<rect x="4" y="4" width="8" height="8" rx="1" />);
export const EditIcon = icon(<path d="m3 13 .6-2.9L10.7 3a1.2 1.2 0 0 1 1.7 0l.6.6a1.2 1.2 0 0 1 0 1.7L5.9 12.4z" />);
