/** Numbers inodes and stamps them with the lab's clock: one per root file system. */
export interface InodeSource {
  readonly nextNumber: () => number;
  /** Unix seconds now. */
  readonly now: () => number;
}
