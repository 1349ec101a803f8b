/** The one function of jstat 1.9 that we use; the package ships no types. */
declare module 'jstat' {
  const jStat: {
    readonly studentt: {
      /** Distribution function of Student's t. */
      cdf(t: number, degreesOfFreedom: number): number;
    };
  };
  export default jStat;
}
