/** The part of dcmjs, which has no types of its own, that is used here. */
declare module 'dcmjs/dictionary' {
  export const dictionary: Readonly<
    Record<string, { readonly vr: string; readonly name?: string } | undefined>
  >;
}
