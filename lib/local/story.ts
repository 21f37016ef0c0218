import type { EventSink, FluxEvent } from "@sluice/engine/ports/event-sink.ts";

/** Tells a person what happens, line by line: `►` doing, `◎` waiting, `✔` done, `✗` failed. */
export type Story = {
  doing(text: string): void;
  waiting(text: string): void;
  done(text: string): void;
  failed(text: string): void;
  /** Without a glyph. */
  plain(text: string): void;
};

export function createStory(write: (line: string) => void): Story {
  const tell = (glyph: string) => (text: string) => write(`${glyph} ${indented(text)}\n`);
  return { doing: tell("►"), waiting: tell("◎"), done: tell("✔"), failed: tell("✗"), plain: (text) => write(`${text}\n`) };
}

const indented = (text: string): string => text.trimEnd().replaceAll("\n", "\n  ");

/** Flux's events as part of the story. */
export function tellingEvents(story: Story): EventSink {
  return {
    emit: (event) => {
      if (event.type === "Trace") return Promise.resolve();
      const line = `${event.object.kind}/${event.object.namespace}/${event.object.name}: ${event.message}`;
      tellerOf(story, event)(line);
      return Promise.resolve();
    },
  };
}

function tellerOf(story: Story, { type, reason }: FluxEvent): (text: string) => void {
  if (type === "Warning") return story.failed;
  return reason === "DependencyNotReady" ? story.waiting : story.done;
}
