export { type BudgetHolders, type BudgetState, type Budgets, createBudgets } from './budgets.ts'
export { type BudgetName, type BudgetScope, type BudgetTable, defaultBudgets, readBudgets } from './limits.ts'
export { enforceRateLimit, removeExpiredRateLimits, resetRateLimit } from './rate-limit.ts'
