/**
 * A sorted copy, with equal items in the very order in which Go's sort.Sort leaves them: it is not stable, and the order of field specs that rank
 * alike decides what kustomize does first. Pattern-defeating quicksort with the constants of Go. Source: Go sort/zsortinterface.go (since 1.19).
 */
export function sortAsGo<Item>(items: readonly Item[], isLess: (a: Item, b: Item) => boolean): readonly Item[] {
  const sorted = [...items];
  const range = createRange(sorted, isLess);
  if (sorted.length > 1) quicksort(range, 0, sorted.length, bitLength(sorted.length));
  return sorted;
}

const MAX_INSERTION = 12;
const SHORTEST_NINTHER = 50;
const SHORTEST_SHIFTING = 50;
const MAX_SHIFTS = 5;
const MAX_SWAPS = 12;
const WORD = (1n << 64n) - 1n;

/** Positions in the list that is being sorted. */
type Range = { readonly less: (i: number, j: number) => boolean; readonly swap: (i: number, j: number) => void };
type Pivot = { readonly at: number; readonly hint: "increasing" | "decreasing" | "unknown" };

function createRange<Item>(items: Item[], isLess: (a: Item, b: Item) => boolean): Range {
  const at = (index: number): Item => {
    const item = items[index];
    if (item === undefined) throw new Error(`sort: nothing at ${index} of ${items.length}`);
    return item;
  };
  return {
    less: (i, j) => isLess(at(i), at(j)),
    swap: (i, j) => {
      const kept = at(i);
      items[i] = at(j);
      items[j] = kept;
    },
  };
}

const bitLength = (value: number): number => value.toString(2).length;

function quicksort(range: Range, from: number, to: number, maxBadPivots: number): void {
  let [a, b, limit, wasBalanced, wasPartitioned] = [from, to, maxBadPivots, true, true];
  while (b - a > MAX_INSERTION) {
    if (limit === 0) {
      heapSort(range, a, b);
      return;
    }
    if (!wasBalanced) {
      breakPatterns(range, a, b);
      limit -= 1;
    }
    const pivot = uphill(range, a, b, choosePivot(range, a, b));
    if (wasBalanced && wasPartitioned && pivot.hint === "increasing" && isSortedByFewShifts(range, a, b)) return;
    if (a > 0 && !range.less(a - 1, pivot.at)) {
      a = partitionEqual(range, a, b, pivot.at);
      continue;
    }
    const { middle, wasDone } = partition(range, a, b, pivot.at);
    wasPartitioned = wasDone;
    wasBalanced = Math.min(middle - a, b - middle) >= Math.floor((b - a) / 8);
    if (middle - a < b - middle) {
      quicksort(range, a, middle, limit);
      a = middle + 1;
    } else {
      quicksort(range, middle + 1, b, limit);
      b = middle;
    }
  }
  insertionSort(range, a, b);
}

/** What seems to fall is turned around. */
function uphill(range: Range, a: number, b: number, pivot: Pivot): Pivot {
  if (pivot.hint !== "decreasing") return pivot;
  for (let [i, j] = [a, b - 1]; i < j; i++, j--) range.swap(i, j);
  return { at: b - 1 - (pivot.at - a), hint: "increasing" };
}

function insertionSort({ less, swap }: Range, a: number, b: number): void {
  for (let i = a + 1; i < b; i++) for (let j = i; j > a && less(j, j - 1); j--) swap(j, j - 1);
}

function heapSort(range: Range, a: number, b: number): void {
  const size = b - a;
  for (let i = Math.floor((size - 1) / 2); i >= 0; i--) siftDown(range, i, size, a);
  for (let i = size - 1; i >= 0; i--) {
    range.swap(a, a + i);
    siftDown(range, 0, i, a);
  }
}

function siftDown({ less, swap }: Range, from: number, size: number, first: number): void {
  for (let root = from; 2 * root + 1 < size; ) {
    const left = 2 * root + 1;
    const child = left + 1 < size && less(first + left, first + left + 1) ? left + 1 : left;
    if (!less(first + root, first + child)) return;
    swap(first + root, first + child);
    root = child;
  }
}

function partition({ less, swap }: Range, a: number, b: number, pivot: number): { readonly middle: number; readonly wasDone: boolean } {
  swap(a, pivot);
  let [i, j, swaps] = [a + 1, b - 1, 0];
  while (true) {
    while (i <= j && less(i, a)) i++;
    while (i <= j && !less(j, a)) j--;
    if (i > j) break;
    swap(i++, j--);
    swaps++;
  }
  swap(j, a);
  return { middle: j, wasDone: swaps === 0 };
}

function partitionEqual({ less, swap }: Range, a: number, b: number, pivot: number): number {
  swap(a, pivot);
  let [i, j] = [a + 1, b - 1];
  while (true) {
    while (i <= j && !less(a, i)) i++;
    while (i <= j && less(a, j)) j--;
    if (i > j) return i;
    swap(i++, j--);
  }
}

function isSortedByFewShifts({ less, swap }: Range, a: number, b: number): boolean {
  let i = a + 1;
  for (let shift = 0; shift < MAX_SHIFTS; shift++) {
    while (i < b && !less(i, i - 1)) i++;
    if (i === b) return true;
    if (b - a < SHORTEST_SHIFTING) return false;
    swap(i, i - 1);
    // Go stops at 1 here, not at the beginning of the range.
    if (i - a >= 2) for (let j = i - 1; j >= 1 && less(j, j - 1); j--) swap(j, j - 1);
    if (b - i >= 2) for (let j = i + 1; j < b && less(j, j - 1); j++) swap(j, j - 1);
  }
  return false;
}

/** Three swaps at the middle, with positions from a xorshift generator that begins with the length. */
function breakPatterns({ swap }: Range, a: number, b: number): void {
  const length = b - a;
  const mask = (1n << BigInt(bitLength(length))) - 1n;
  let seed = BigInt(length);
  const middle = a + Math.floor(length / 4) * 2;
  for (let index = middle - 1; index <= middle + 1; index++) {
    seed = nextRandom(seed);
    const other = Number(seed & mask);
    swap(index, a + (other >= length ? other - length : other));
  }
}

function nextRandom(seed: bigint): bigint {
  const first = seed ^ ((seed << 13n) & WORD);
  const second = first ^ (first >> 7n);
  return second ^ ((second << 17n) & WORD);
}

/** The median of three places, for long ranges of nine. */
function choosePivot({ less }: Range, a: number, b: number): Pivot {
  let swaps = 0;
  const ordered = (x: number, y: number): readonly [number, number] => {
    if (!less(y, x)) return [x, y];
    swaps++;
    return [y, x];
  };
  const median = (x: number, y: number, z: number): number => {
    const [low, high] = ordered(x, y);
    const [middle] = ordered(high, z);
    return ordered(low, middle)[1];
  };
  const quarter = Math.floor((b - a) / 4);
  const places = [1, 2, 3].map((count) => a + quarter * count);
  const [i = a, j = a, k = a] = b - a >= SHORTEST_NINTHER ? places.map((place) => median(place - 1, place, place + 1)) : places;
  const at = median(i, j, k);
  return { at, hint: swaps === 0 ? "increasing" : swaps === MAX_SWAPS ? "decreasing" : "unknown" };
}
