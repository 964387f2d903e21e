/** Questions that the sample documents answer: one looked up, one that needs the right variant, one in English. */
export const sampleQuestions: readonly string[] = [
  '高温泵停机后，泵体要凉到多少度才能拆螺栓？',
  'HCZ65-200H 冷态找正时，电机应该抬高多少？',
  'How many days must defective parts be kept for inspection?',
]
