export { cosine, embedFace, judgeCosine } from './compare.ts'
export { detectFaces, type Face } from './detect.ts'
