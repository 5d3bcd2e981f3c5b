import { describe, expect, it } from 'vitest'
import { postgresSettings } from './embedded-postgres.ts'

describe('the log of the built-in database', () => {
  it('quotes neither statements, nor parameters, nor the rows that an error is about', () => {
    expect(postgresSettings(5432)).toMatchObject({
      log_min_error_statement: 'panic',
      log_parameter_max_length_on_error: '0',
      log_error_verbosity: 'terse',
    })
  })
  it('is of a server that only this machine reaches', () =>
    expect(postgresSettings(5432).listen_addresses).toBe('127.0.0.1'))
})
