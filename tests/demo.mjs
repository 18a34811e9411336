// What the demo township holds that tests look for.

/** Who works there, with the password the demo county gives everybody. */
export const OPERATOR = { login: 'demo', password: 'mingbai-demo' };

/** The household everything is shown on. */
export const FLAGSHIP = { head: '张福山', initials: 'zfs', title: '张福山户' };
