import { AudioLines, Play, type LucideIcon } from 'lucide-react';
import type { Asset } from '@/api/types';
import { assets as words } from './messages/assets';

interface Medium {
  name: string;
  /** On its tile, before how long it lasts; a picture needs none. */
  mark?: LucideIcon;
  /** The original is a picture, which a browser can decode beforehand and the studio can start from. */
  isPicture: boolean;
}

/** What the app knows of each medium; what plays it is chosen in stage.tsx. */
export const media: Record<Asset['medium'], Medium> = {
  image: { name: words.picture, isPicture: true },
  video: { name: words.clip, mark: Play, isPicture: false },
  audio: { name: words.sound, mark: AudioLines, isPicture: false },
};
