/** The part of OpenJPEG's WebAssembly, which has no types of its own, that is used here. */
declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  export interface OpenJpeg {
    readonly J2KDecoder: new () => {
      /** Room for a stream of so many bytes. */
      getEncodedBuffer(length: number): Uint8Array;
      decode(): void;
      /** Empty after a failure. */
      getDecodedBuffer(): Uint8Array;
      delete(): void;
    };
  }
  const load: (module: { print(): void; printErr(): void }) => Promise<OpenJpeg>;
  export default load;
}
