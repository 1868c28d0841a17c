/** Names of the SSM parameters by which stacks and teams find a lake: the contract between who writes and who reads them. */
export class LakeParameters {
  public constructor(private readonly prefix: string) {}

  public bucketName(zoneId: string): string {
    return `${this.prefix}/${zoneId}/bucket-name`;
  }

  public bucketArn(zoneId: string): string {
    return `${this.prefix}/${zoneId}/bucket-arn`;
  }

  public zoneKeyArn(zoneId: string): string {
    return `${this.prefix}/${zoneId}/key-arn`;
  }

  /** Of the lake's own key. */
  public keyArn(): string {
    return `${this.prefix}/key-arn`;
  }

  public accessLogsBucketName(): string {
    return `${this.prefix}/access-logs/bucket-name`;
  }
}
