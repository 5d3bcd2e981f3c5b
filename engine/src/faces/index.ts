export { cosine, embedFace, judgeCosine } from './compare.ts'
export { detectFaces, type Face, followFace, type MeshPoint } from './detect.ts'
