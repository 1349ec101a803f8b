/**
 * Third-party files of the engine, with their SHA-256, checked before they are unpacked. The wheels' sums are those of
 * the Python package index on 2026-11-28. The sum of Google's archive is the one that other projects pin: its host
 * could not be reached when this was written.
 */

export interface Pinned {
  /** For pip: `name==version`. */
  readonly requirement: string;
  readonly sha256: string;
}

/**
 * One TensorFlow for processors and cards. 2.18.1 is the last one with fixes that runs on glibc 2.17 (2.21 wants
 * 2.27); its CUDA 12.5 and cuDNN 9.3 know Hopper, and newer cards run its PTX. It trains as fast as 2.13.1.
 */
export const tensorflowVersion = '2.18.1';

const tensorflow = (name: string, sha256: string): Pinned => ({
  requirement: `${name}==${tensorflowVersion}`,
  sha256,
});

/** For processors, by platform. */
export const processorWheels: Readonly<Record<string, Pinned | undefined>> = {
  'linux-x64': tensorflow(
    'tensorflow-cpu',
    '810c75d7149d2da0cb2092187817b0dcabb80728ca9f9cf3a61f3f42fadd1298',
  ),
  'linux-arm64': tensorflow('tensorflow', '8a6485edd2148f70d011dbd1d8dc2c775e91774a5a159466e83d0d1f21580944'),
};

/** For NVIDIA's cards, Linux x64: TensorFlow, then the packages of its extra `and-cuda`. */
export const cudaWheels: readonly Pinned[] = [
  tensorflow('tensorflow', 'c9f87e5d2a680a4595f5dc30daf6bbaec9d4129b46d7ef1b2af63c46ac7d2828'),
  ...Object.entries({
    'nvidia-cublas-cu12==12.5.3.2': 'ca070ad70e9fa6654084575d01bd001f30cc4665e33d4bb9fc8e0f321caa034b',
    'nvidia-cuda-cupti-cu12==12.5.82': 'bde77a5feb66752ec61db2adfe47f56b941842825b4c7e2068aff27c9d107953',
    'nvidia-cuda-nvcc-cu12==12.5.82': 'b03e545b8e8c3ce7ebcd7fc44063180ff52ff01d064ece2127ed90a04ef12cd0',
    'nvidia-cuda-nvrtc-cu12==12.5.82': '3dbd97b0104b4bfbc3c4f8c79cd2496307c89c43c29a9f83125f1d76296ff3fd',
    'nvidia-cuda-runtime-cu12==12.5.82': '3e79a060e126df40fd3a068f3f787eb000fa51b251ec6cd97d09579632687115',
    'nvidia-cudnn-cu12==9.3.0.75': '9ad9c6929ebb5295eb4a1728024666d1c88283373e265a0c5c883e6f9d5cd76d',
    'nvidia-cufft-cu12==11.2.3.61': '9a6e8df162585750f61983a638104a48c756aa13f9f48e19ab079b38e3c828b8',
    'nvidia-curand-cu12==10.3.6.82': '2823fb27de4e44dbb22394a6adf53aa6e1b013aca0f8c22867d1cfae58405536',
    'nvidia-cusolver-cu12==11.6.3.83': '93cfafacde4428b71778eeb092ec615a02a3d05404da1bcf91c53e3fa1bce42b',
    'nvidia-cusparse-cu12==12.5.1.3': '016df8e993c437e8301e62739f01775cba988fd5253cd4c64173f8e8d2f8e752',
    'nvidia-nccl-cu12==2.21.5': '8579076d30a8c24988834445f8d633c697d42397e92ffc3f63fa26766d25e0a0',
    'nvidia-nvjitlink-cu12==12.5.82': 'f9b37bc5c8cf7509665cb6ada5aaa0ce65618f2332b7d3e78e9790511f111212',
  }).map(([requirement, sha256]) => ({ requirement, sha256 })),
];

/** Google's own archive of the C library, for a Linux x64 machine without Python. */
export const googleArchive = {
  path: `tensorflow/versions/${tensorflowVersion}/libtensorflow-cpu-linux-x86_64.tar.gz`,
  sha256: 'b692795f3ad198c531b02aeb2bc8146568d24aaf6a5dbf5faa43907c4028fd73',
} as const;
