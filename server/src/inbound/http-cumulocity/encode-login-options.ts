/** The ways to log in (docs/protocols/cumulocity.md, 5.4): Basic, for every tenant. */
export const encodeLoginOptions = (base: string): Record<string, unknown> => ({
  self: `${base}/tenant/loginOptions`,
  loginOptions: [
    {
      id: 'BASIC',
      self: `${base}/tenant/loginOptions/BASIC`,
      type: 'BASIC',
      userManagementSource: 'INTERNAL',
      grantType: 'PASSWORD',
      visibleOnLoginPage: true,
      authenticationRestrictions: {},
    },
  ],
})
