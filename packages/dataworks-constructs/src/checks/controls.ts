/** Controls of frameworks that a check serves. */
export interface Controls {
  /** NIST SP 800-53, revision 5. */
  readonly nist80053r5: readonly string[];
  /** PCI DSS, version 4.0.1. */
  readonly pciDss4: readonly string[];
  /** HIPAA Security Rule, 45 CFR. */
  readonly hipaa: readonly string[];
  /** CIS AWS Foundations Benchmark, version 5.0.0. */
  readonly cis5: readonly string[];
}

const controls = (nist80053r5: string, pciDss4 = '', hipaa = '', cis5 = ''): Controls => {
  const list = (text: string): string[] => text.split(' ').filter((id) => id !== '');
  return { nist80053r5: list(nist80053r5), pciDss4: list(pciDss4), hipaa: list(hipaa), cis5: list(cis5) };
};

/**
 * As AWS maps its own controls of the same subject (NIST, PCI DSS, CIS), and as cdk-nag maps its rules (HIPAA). Where
 * AWS has no control of the subject, the nearest requirement is named, or none.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html
 */
export const CONTROLS = {
  /** S3.8 */
  publicAccess: controls(
    'AC-21 AC-3 AC-3(7) AC-4 AC-4(21) AC-6 SC-7 SC-7(3) SC-7(4) SC-7(9) SC-7(11) SC-7(16) SC-7(20) SC-7(21)',
    '1.4.4',
    '164.308(a)(3)(i) 164.308(a)(4)(ii)(A) 164.308(a)(4)(ii)(C) 164.312(a)(1) 164.312(e)(1)',
    '2.1.4',
  ),
  /** S3.2 and S3.3 */
  openPolicy: controls(
    'AC-21 AC-3 AC-3(7) AC-4 AC-4(21) AC-6 SC-7 SC-7(3) SC-7(4) SC-7(9) SC-7(11) SC-7(16) SC-7(20) SC-7(21)',
    '1.4.4 7.2.1',
    '164.308(a)(3)(i) 164.308(a)(4)(ii)(A) 164.308(a)(4)(ii)(C) 164.312(a)(1) 164.312(e)(1)',
  ),
  /** S3.6 and KMS.5 */
  otherAccounts: controls('AC-3 AC-6 CA-9(1) CM-2', '7.2.1', '164.312(a)(1)'),
  /** S3.12 */
  acls: controls('AC-2(1) AC-3 AC-3(7) AC-3(15) AC-6', '', '164.312(a)(1)'),
  /** KMS.1 and KMS.2 */
  leastPrivilege: controls(
    'AC-2 AC-2(1) AC-3 AC-3(7) AC-3(15) AC-5 AC-6 AC-6(3)',
    '7.2.1 7.2.2',
    '164.308(a)(3)(i) 164.308(a)(4)(i) 164.308(a)(4)(ii)(A) 164.308(a)(4)(ii)(C) 164.312(a)(1)',
  ),
  /** S3.5 */
  tls: controls(
    'AC-4 AC-17(2) IA-5(1) SC-7(4) SC-8 SC-8(1) SC-8(2) SC-12(3) SC-13 SC-23 SC-23(3) SI-7(6)',
    '4.2.1',
    '164.312(a)(2)(iv) 164.312(c)(2) 164.312(e)(1) 164.312(e)(2)(i) 164.312(e)(2)(ii)',
    '2.1.1',
  ),
  /** S3.17 */
  encryption: controls(
    'AU-9 CA-9(1) CM-3(6) SC-7(10) SC-12(2) SC-13 SC-28 SC-28(1) SI-7(6)',
    '3.5.1',
    '164.312(a)(2)(iv) 164.312(e)(2)(ii)',
  ),
  /** S3.9 */
  logging: controls(
    'AC-2(4) AC-4(26) AC-6(9) AU-2 AU-3 AU-6(3) AU-6(4) AU-10 AU-12 CA-7 SC-7(9) SI-3(8) SI-4(20) SI-7(8)',
    '10.2.1',
    '164.308(a)(3)(ii)(A) 164.312(b)',
  ),
  /** S3.11 */
  monitoring: controls('CA-7 SI-3(8) SI-4 SI-4(4)', '10.2.1'),
  /** How long logs are kept; AWS has no control of it for S3. */
  logRetention: controls('AU-11 SI-12', '10.5.1', '164.316(b)(2)(i)'),
  /** S3.10 and S3.13 */
  lifecycle: controls('CP-6(2) CP-9 CP-10 SC-5(2) SI-13(5)'),
  /** S3.14 */
  versioning: controls(
    'AU-9(2) CP-6 CP-6(1) CP-6(2) CP-9 CP-10 SC-5(2) SI-12 SI-13(5)',
    '',
    '164.308(a)(7)(i) 164.308(a)(7)(ii)(A) 164.308(a)(7)(ii)(B) 164.312(c)(1) 164.312(c)(2)',
  ),
  /** S3.15 */
  objectLock: controls('CP-6(2)', '10.5.1', '164.312(c)(1)'),
  /** S3.7 */
  replication: controls(
    'AU-9(2) CP-6 CP-6(1) CP-6(2) CP-9 CP-10 SC-5(2) SC-36(2) SI-13(5)',
    '',
    '164.308(a)(7)(i) 164.308(a)(7)(ii)(A) 164.308(a)(7)(ii)(B)',
  ),
  /** Data that goes with its stack; AWS has no control of it for S3. */
  dataLoss: controls('CP-9 CP-10', '', '164.308(a)(7)(ii)(A) 164.312(c)(1)'),
  /** KMS.3 */
  keyLoss: controls('SC-12 SC-12(2)', '', '164.308(a)(7)(ii)(A)'),
  /** KMS.4 */
  keyRotation: controls('SC-12 SC-12(2) SC-28(3)', '3.7.4', '', '3.6'),
  /** AWS has no control of the tags themselves that names a framework's. */
  inventory: controls('AC-16 CM-8', '12.5.1'),
  /** What costs money only. */
  cost: controls(''),
} as const;
