import type { ContractCase } from "../story.ts";
import { configMap } from "./objects.ts";

const named = "labelSelector=name";
const labelled = (name: string, data: object = {}) => configMap(name, data, { labels: { name } });

export const watchCases: readonly ContractCase[] = [
  {
    title: "changes after a list",
    play: async (story) => {
      const { body } = await story.get("configmaps", { query: named, silent: true });
      const watch = await story.watch("configmaps", { query: `${named}&resourceVersion=${body.metadata.resourceVersion}` });
      await story.post("configmaps", labelled("a"), { silent: true });
      await story.patch("merge", "configmaps/a", { data: { x: "1" } }, { silent: true });
      await story.delete("configmaps/a", undefined, { silent: true });
      await story.events(watch, 3);
      watch.close();
    },
  },
  {
    title: "an object that leaves the selector is deleted for the watcher, and added when it comes back",
    play: async (story) => {
      await story.post("configmaps", labelled("a"), { silent: true });
      const { body } = await story.get("configmaps", { query: named, silent: true });
      const watch = await story.watch("configmaps", { query: `${named}&resourceVersion=${body.metadata.resourceVersion}` });
      await story.patch("merge", "configmaps/a", { metadata: { labels: { name: null, other: "x" } } }, { silent: true });
      await story.patch("merge", "configmaps/a", { metadata: { labels: { name: "a" } } }, { silent: true });
      await story.events(watch, 2);
      watch.close();
    },
  },
  {
    title: "a watch without a resourceVersion begins with what is there",
    play: async (story) => {
      for (const name of ["b", "a"]) await story.post("configmaps", labelled(name), { silent: true });
      const watch = await story.watch("configmaps", { query: named });
      const both = [await watch.next(), await watch.next()].map(({ type, object }) => `${type} ${object.metadata.name}`);
      story.note(both.toSorted().join(", "));
      await story.post("configmaps", labelled("c"), { silent: true });
      await story.events(watch, 1);
      watch.close();
    },
  },
  {
    title: "initial events end with a bookmark",
    play: async (story) => {
      await story.post("configmaps", labelled("a"), { silent: true });
      const watch = await story.watch("configmaps", { query: `${named}&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan` });
      await story.events(watch, 1);
      const bookmark = await watch.next();
      story.note(JSON.stringify({ ...bookmark, object: { ...bookmark.object, metadata: { ...bookmark.object.metadata, resourceVersion: "" } } }));
      watch.close();
      await story.get("configmaps", { query: "watch=true&sendInitialEvents=true" });
      await story.get("configmaps", { query: "watch=true&resourceVersionMatch=NotOlderThan" });
    },
  },
  {
    title: "one object by its name",
    play: async (story) => {
      for (const name of ["a", "b"]) await story.post("configmaps", labelled(name), { silent: true });
      const watch = await story.watch("configmaps", { query: "fieldSelector=metadata.name%3Da" });
      await story.patch("merge", "configmaps/b", { data: { x: "1" } }, { silent: true });
      await story.patch("merge", "configmaps/a", { data: { x: "1" } }, { silent: true });
      await story.events(watch, 2);
      watch.close();
    },
  },
  {
    title: "a watch ends after its timeout",
    play: async (story) => {
      const watch = await story.watch("configmaps", { query: `${named}&timeoutSeconds=1` });
      story.note(`after the end: ${await watch.next()}`);
    },
  },
  {
    title: "resourceVersions that cannot be",
    play: async (story) => {
      await story.get("configmaps", { query: "watch=true&resourceVersion=x" });
      await story.get("configmaps", { query: "resourceVersion=x" });
      await story.get("configmaps", { query: "resourceVersionMatch=Exact" });
    },
  },
];
