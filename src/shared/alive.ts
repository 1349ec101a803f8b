/** Whether processes of this machine run. */

/** Signal 0 only asks. EPERM: it runs, but belongs to somebody else. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
