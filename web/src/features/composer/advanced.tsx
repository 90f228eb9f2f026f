import { ChevronDown, Dices, RotateCcw } from 'lucide-react';
import { useId, type ReactNode } from 'react';
import type { Kind } from '@/api/types';
import { Button, IconButton } from '@/components/button';
import { Help } from '@/components/help';
import { Menu, MenuChoices } from '@/components/menu';
import { Segmented } from '@/components/segmented';
import { Slider } from '@/components/slider';
import { changeDraft, draftFaults, draftStore, kindOf, type Draft, type DraftFault } from '@/lib/draft';
import { useKinds } from '@/lib/hooks';
import { composer as words } from '@/lib/messages/composer';
import { randomSeed } from '@/lib/seed';
import { useStore } from '@/lib/store';
import { changedAdvanced, faultText } from './advanced_fields';

/** The settings that most people leave alone; the same in the sheet of a phone and the panel of a desktop. */
export function Advanced() {
  const { kinds } = useKinds();
  const draft = useStore(draftStore);
  const kind = kindOf(draft, kinds);
  if (!kind) return null;
  const faults = draftFaults(draft, kind);
  const faultOf = (field: DraftFault) => (faults.includes(field) ? faultText(field, kind) : null);
  return (
    <div className="flex flex-col gap-5">
      <Negative draft={draft} />
      <Seed seed={draft.seed} fault={faultOf('seed')} />
      <Range
        name={words.steps}
        help={words.stepsHelp}
        range={kind.steps}
        step={1}
        value={draft.steps}
        fault={faultOf('steps')}
        onChange={(steps) => changeDraft({ steps })}
      />
      <Range
        name={words.guidance}
        help={words.guidanceHelp}
        range={kind.guidance}
        step={0.1}
        value={draft.guidance}
        fault={faultOf('guidance')}
        onChange={(guidance) => changeDraft({ guidance })}
      />
      <Sampler kind={kind} value={draft.sampler} />
      <Button
        icon={RotateCcw}
        disabled={changedAdvanced(draft) === 0}
        onClick={() =>
          changeDraft({ negativePrompt: '', seed: null, steps: null, guidance: null, sampler: null })
        }
      >
        {words.reset}
      </Button>
    </div>
  );
}

function Heading(props: { name: string; help: string; htmlFor?: string; children?: ReactNode }) {
  return (
    <div className="flex min-h-8 items-center gap-1">
      {props.htmlFor === undefined ? (
        <span className="font-medium">{props.name}</span>
      ) : (
        <label htmlFor={props.htmlFor} className="font-medium">
          {props.name}
        </label>
      )}
      <Help topic={props.name} text={props.help} />
      <span className="tabular ml-auto text-sm text-text-muted">{props.children}</span>
    </div>
  );
}

const fieldLook =
  'w-full rounded-md border border-line-strong bg-surface-sunken px-3 text-base focus-visible:outline-offset-0';

function Negative({ draft }: { draft: Draft }) {
  const id = useId();
  return (
    <div>
      <Heading name={words.negative} help={words.negativeHelp} htmlFor={id} />
      <textarea
        id={id}
        dir="auto"
        rows={2}
        maxLength={4096}
        placeholder={words.negativePlaceholder}
        value={draft.negativePrompt}
        onChange={(event) => changeDraft({ negativePrompt: event.target.value })}
        className={`${fieldLook} resize-none py-2`}
      />
    </div>
  );
}

/** Says it at once to eyes, and to screen readers when they come to the field or it is sent. */
function Fault({ id, text }: { id?: string; text: string | null }) {
  if (text === null) return null;
  return (
    <p id={id} className="text-sm text-danger">
      {text}
    </p>
  );
}

function Seed({ seed, fault }: { seed: string | null; fault: string | null }) {
  const id = useId();
  const faultId = useId();
  return (
    <div className="flex flex-col gap-2">
      <Heading name={words.seed} help={words.seedHelp} {...(seed === null ? {} : { htmlFor: id })} />
      <Segmented
        label={words.seedMode}
        value={seed === null ? 'random' : 'locked'}
        segments={[
          { value: 'random', name: words.seedRandom },
          { value: 'locked', name: words.seedLocked },
        ]}
        onChange={(mode) => changeDraft({ seed: mode === 'random' ? null : (seed ?? randomSeed()) })}
      />
      {seed !== null && (
        <div className="flex gap-1">
          <input
            id={id}
            type="text"
            inputMode="numeric"
            autoComplete="off"
            aria-invalid={fault !== null}
            aria-describedby={fault === null ? undefined : faultId}
            value={seed}
            onChange={(event) => changeDraft({ seed: event.target.value })}
            className={`${fieldLook} tabular min-h-11 aria-invalid:border-danger`}
          />
          <IconButton
            label={words.seedDice}
            icon={Dices}
            onClick={() => changeDraft({ seed: randomSeed() })}
          />
        </div>
      )}
      <Fault id={faultId} text={fault} />
    </div>
  );
}

function Range(props: {
  name: string;
  help: string;
  range: { min: number; max: number; default: number } | undefined;
  step: number;
  value: number | null;
  fault: string | null;
  onChange: (value: number | null) => void;
}) {
  const { range } = props;
  if (!range || (range.min === range.max && props.fault === null)) return null;
  const round = (value: number) => Number(value.toFixed(2));
  return (
    <div>
      <Heading name={props.name} help={props.help}>
        {props.value === null ? words.modelDefault(round(range.default)) : round(props.value)}
      </Heading>
      <Slider
        label={props.name}
        value={props.value ?? range.default}
        min={range.min}
        max={range.max}
        step={props.step}
        onChange={(value) => props.onChange(round(value) === range.default ? null : round(value))}
      />
      <Fault text={props.fault} />
    </div>
  );
}

const ownSampler = '';

function Sampler({ kind, value }: { kind: Kind; value: string | null }) {
  const samplers = kind.samplers ?? [];
  if (samplers.length < 2) return null;
  const first = words.modelDefault(samplers[0] ?? '');
  return (
    <div>
      <Heading name={words.sampler} help={words.samplerHelp} />
      <Menu
        label={words.sampler}
        trigger={
          <Button className="w-full" aria-label={`${words.sampler}: ${value ?? first}`}>
            {value ?? first}
            <ChevronDown aria-hidden className="ml-auto size-4 text-text-muted" />
          </Button>
        }
      >
        <MenuChoices
          value={value ?? ownSampler}
          choices={[
            { value: ownSampler, name: first },
            ...samplers.slice(1).map((name) => ({ value: name, name })),
          ]}
          onChange={(name) => changeDraft({ sampler: name === ownSampler ? null : name })}
        />
      </Menu>
    </div>
  );
}
