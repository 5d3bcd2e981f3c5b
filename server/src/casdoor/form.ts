/**
 * The text fields of a form, whether it came with boundaries or percent-encoded; nothing for any other content type. What is sent as a
 * file is left out.
 */
export const formOf = async (type: string, text: string): Promise<Record<string, unknown> | undefined> => {
  if (!/^(multipart\/form-data|application\/x-www-form-urlencoded)/i.test(type)) return undefined
  try {
    const fields = await new Response(text, { headers: { 'content-type': type } }).formData()
    return Object.fromEntries([...fields].filter(([, value]) => typeof value === 'string'))
  } catch {
    return undefined
  }
}
