import { AllowedMethods } from '../../../src/http/allowed-methods.js';

function addresses(): AllowedMethods {
  const methods = new AllowedMethods();
  methods.add('/v1/accounts', ['GET', 'HEAD']);
  methods.add('/v1/accounts/:account_id', 'PUT');
  methods.add('/v1/accounts/:account_id', 'GET');
  methods.add('/v1/accounts/:account_id', 'DELETE');
  methods.add('/v1/accounts/:account_id/positions', 'PUT');
  methods.add('/openapi.json', 'GET');
  return methods;
}

describe('methods of an address', () => {
  it('are listed sorted, from all routes of the address', () => {
    expect(addresses().of('/v1/accounts/acc_1')).toEqual(['DELETE', 'GET', 'PUT']);
    expect(addresses().of('/v1/accounts')).toEqual(['GET', 'HEAD']);
  });

  it('name each method once', () => {
    const methods = addresses();
    methods.add('/v1/accounts', 'GET');
    expect(methods.of('/v1/accounts')).toEqual(['GET', 'HEAD']);
  });

  it('do not depend on the query', () => {
    expect(addresses().of('/v1/accounts?limit=5')).toEqual(['GET', 'HEAD']);
  });

  it('take one segment for a parameter, escaped slashes included', () => {
    expect(addresses().of('/v1/accounts/desk%2Fus')).toEqual(['DELETE', 'GET', 'PUT']);
    expect(addresses().of('/v1/accounts/desk/us')).toEqual([]);
    expect(addresses().of('/v1/accounts/acc_1/positions')).toEqual(['PUT']);
  });

  it('are none where there is nothing, so that the answer is 404 and not 405', () => {
    for (const url of ['/', '/v1', '/v2/accounts', '/v1/accounts/acc_1/orders', '/x/v1/accounts', '/openapi_json']) {
      expect(addresses().of(url)).toEqual([]);
    }
  });

  it('are none for an address with a slash too many, which the router does not know either', () => {
    // Otherwise POST /v1/accounts/ would answer 405 "got POST, expected POST".
    expect(addresses().of('/v1/accounts/acc_1/')).toEqual([]);
  });
});
