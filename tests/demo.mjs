// What the demo township holds that tests look for.

/** Who works there, with the password the demo county gives everybody. */
export const OPERATOR = { login: 'demo', password: 'mingbai-demo' };

/** The household everything is shown on. */
export const FLAGSHIP = { head: '张福山', initials: 'zfs', title: '张福山户' };

/** A citizen id of an area that was never allocated, with its check digit. */
export function citizenId(body) {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, place) => total + weight * Number(body[place]), 0);
  return body + '10X98765432'[sum % 11];
}
