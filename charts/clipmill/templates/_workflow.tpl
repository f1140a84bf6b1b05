{{- /*
The WorkflowTemplates of `clipmill render`, with the values of this release.
The file is data, so Helm does not replace Argo's tags in it.
*/ -}}
{{- define "clipmill.workflowTemplate" -}}
{{- $root := .root -}}
{{- $values := $root.Values -}}
{{- $document := $root.Files.Get (printf "files/%s.yaml" .name) | fromYaml -}}
{{- $spec := $document.spec -}}
{{- $_ := set $document.metadata "namespace" $root.Release.Namespace -}}
{{- $labels := include "clipmill.labels" $root | fromYaml -}}
{{- $_ := set $document.metadata "labels" (merge $labels $document.metadata.labels) -}}
{{- $_ := set $spec "activeDeadlineSeconds" $values.job.deadlineSeconds -}}
{{- $_ := set $spec "parallelism" $values.job.parallelism -}}
{{- $_ := set $spec "archiveLogs" $values.job.archiveLogs -}}
{{- $_ := set $spec.ttlStrategy "secondsAfterSuccess" $values.job.keepSucceededSeconds -}}
{{- $_ := set $spec.ttlStrategy "secondsAfterFailure" $values.job.keepFailedSeconds -}}
{{- if $values.job.podDisruptionBudget -}}
{{- $_ := set $spec "podDisruptionBudget" (dict "minAvailable" 9999) -}}
{{- end -}}
{{- with include "clipmill.priorityClass" $root -}}
{{- $_ := set $spec "podPriorityClassName" . -}}
{{- end -}}
{{- with $values.images.pullSecrets -}}
{{- $secrets := list -}}
{{- range . }}{{ $secrets = append $secrets (dict "name" .) }}{{ end -}}
{{- $_ := set $spec "imagePullSecrets" $secrets -}}
{{- end -}}
{{- range $spec.arguments.parameters -}}
{{- if eq .name "prefix" }}{{ $_ := set . "value" $values.storage.prefix }}{{ end -}}
{{- if eq .name "cache" }}{{ $_ := set . "value" $values.cache.uri }}{{ end -}}
{{- include "clipmill.engineParameter" (dict "root" $root "parameter" .) -}}
{{- end -}}
{{- $_ := set $spec "volumes" (concat $spec.volumes (include "clipmill.modelVolume" $root | fromJsonArray)) -}}
{{- range $spec.templates -}}
{{- if .container }}{{ include "clipmill.step" (dict "root" $root "template" .) }}{{ end -}}
{{- end -}}
{{ toYaml $document }}
{{- end }}

{{- /* Puts the values of one step into its template; renders nothing. */ -}}
{{- define "clipmill.step" -}}
{{- $values := .root.Values -}}
{{- $template := .template -}}
{{- $container := $template.container -}}
{{- $own := $values.stepDefaults | default dict | deepCopy -}}
{{- range $key, $value := get $values.steps $template.name | default dict -}}
{{- $_ := set $own $key $value -}}
{{- end -}}
{{- $engines := include "clipmill.engines" (dict "root" .root "step" $template.name) | fromJson -}}
{{- $declaredGpus := int $engines.gpus -}}
{{- $wanted := get $own "pool" | default (ternary "gpu" "cpu" (gt $declaredGpus 0)) -}}
{{- $pool := ternary $wanted "cpu" $values.pools.gpu.enabled -}}
{{- $place := get $values.pools $pool -}}
{{- $_ := set $container "image" (include "clipmill.image" (dict "root" .root "step" $template.name)) -}}
{{- $declaredMemory := $container.resources.limits.memory | trimSuffix "Mi" | int -}}
{{- if gt (int $engines.memoryMiB) $declaredMemory -}}
{{- $_ := set $own "memoryMiB" (get $own "memoryMiB" | default $engines.memoryMiB) -}}
{{- end -}}
{{- if gt (int $engines.cpu) (int $container.resources.requests.cpu) -}}
{{- $_ := set $own "cpu" (get $own "cpu" | default $engines.cpu) -}}
{{- end -}}
{{- $_ := set $container "imagePullPolicy" $values.images.pullPolicy -}}
{{- $_ := set $template.metadata.labels "clipmill.dev/pool" $pool -}}
{{- with $place.nodeSelector }}{{ $_ := set $template "nodeSelector" . }}{{ end -}}
{{- with $place.tolerations }}{{ $_ := set $template "tolerations" . }}{{ end -}}
{{- with $own.timeoutSeconds }}{{ $_ := set $template "activeDeadlineSeconds" . }}{{ end -}}
{{- if hasKey $own "retries" }}{{ $_ := set $template.retryStrategy "limit" $own.retries }}{{ end -}}
{{- with $own.cpu }}{{ $_ := set $container.resources.requests "cpu" (toString .) }}{{ end -}}
{{- with $own.memoryMiB -}}
{{- $first := int64 . -}}
{{- $memory := printf "%dMi" $first -}}
{{- $_ := set $container.resources.requests "memory" $memory -}}
{{- $_ := set $container.resources.limits "memory" $memory -}}
{{- $grown := printf "{{=asInt(retries) == 0 ? %d : %d}}Mi" $first (mul 2 $first) -}}
{{- $main := dict "name" "main" "resources" (dict "limits" (dict "memory" $grown)) -}}
{{- $_ := set $template "podSpecPatch" (dict "containers" (list $main) | toJson) -}}
{{- end -}}
{{- with $own.scratchGiB -}}
{{- $_ := set $container.resources.requests "ephemeral-storage" (printf "%dGi" (int64 .)) -}}
{{- end -}}
{{- $gpus := 0 -}}
{{- if eq $pool "gpu" -}}
{{- $gpus = ternary $own.gpus $declaredGpus (hasKey $own "gpus") | int -}}
{{- if $gpus -}}
{{- $_ := set $container.resources.requests $values.pools.gpu.resource (toString $gpus) -}}
{{- $_ := set $container.resources.limits $values.pools.gpu.resource (toString $gpus) -}}
{{- $limit := dict "configMapKeyRef" (dict "name" "clipmill-limits" "key" "gpu-steps") -}}
{{- $_ := set $template "synchronization" (dict "semaphores" (list $limit)) -}}
{{- end -}}
{{- end -}}
{{- if $template.metrics -}}
{{- $cpu := $container.resources.requests.cpu -}}
{{- $cost := dict "root" .root "step" $template.name "gpus" $gpus "cpu" $cpu -}}
{{- range include "clipmill.costs" $cost | fromYamlArray -}}
{{- $_ := set $template.metrics "prometheus" (append $template.metrics.prometheus .) -}}
{{- end -}}
{{- end -}}
{{- $env := include "clipmill.env" (dict "root" .root "step" $template.name) | fromYamlArray -}}
{{- $env = append $env (dict "name" "CLIPMILL_IMAGE" "value" $container.image) -}}
{{- $_ := set $container "env" (concat $container.env $env (get $own "env" | default list)) -}}
{{- include "clipmill.models" (dict "root" .root "template" $template) -}}
{{- end }}

{{- /* Where the store is, and its credentials by reference. */ -}}
{{- define "clipmill.storeEnv" -}}
{{- $values := .Values -}}
- name: AWS_REGION
  value: {{ $values.storage.region | quote }}
{{- if ne $values.storage.endpoint "s3.amazonaws.com" }}
- name: AWS_ENDPOINT_URL_S3
  value: {{ printf "%s://%s" (ternary "http" "https" $values.storage.insecure) $values.storage.endpoint | quote }}
{{- end }}
{{- with $values.storage.existingSecret }}
- name: AWS_ACCESS_KEY_ID
  valueFrom: {secretKeyRef: {name: {{ . | quote }}, key: {{ $values.storage.accessKeyKey | quote }}}}
- name: AWS_SECRET_ACCESS_KEY
  valueFrom: {secretKeyRef: {name: {{ . | quote }}, key: {{ $values.storage.secretKeyKey | quote }}}}
{{- end }}
{{- end }}

{{- /* The environment that this release adds to a step: endpoints, and secrets by reference. */ -}}
{{- define "clipmill.env" -}}
{{- $values := .root.Values -}}
{{- $own := get $values.steps .step | default dict -}}
{{- $notify := eq .step "notify" -}}
{{- if and (not $notify) (or $values.cache.uri $own.storageAccess) }}
{{ include "clipmill.storeEnv" .root }}
{{- end }}
{{- if and $values.allowPrivateHosts (or $notify (eq .step "download")) }}
- name: CLIPMILL_ALLOW_PRIVATE_HOSTS
  value: "1"
{{- end }}
{{- if and $notify $values.webhook.existingSecret }}
- name: CLIPMILL_WEBHOOK_SECRET
  valueFrom: {secretKeyRef: {name: {{ $values.webhook.existingSecret | quote }}, key: {{ $values.webhook.key | quote }}}}
{{- end }}
{{- if and $values.vllm.enabled (eq .step "highlight") }}
- name: CLIPMILL_LLM_URL
  value: http://clipmill-vllm.{{ .root.Release.Namespace }}.svc:8000/v1
- name: CLIPMILL_LLM_MODEL
  value: {{ $values.vllm.model | quote }}
- name: CLIPMILL_LLM_WAIT_S
  value: "900"
{{- end }}
{{- end }}

{{- /* The engine that the values choose for a param; a vLLM server of the release is asked. */ -}}
{{- define "clipmill.engineChoice" -}}
{{- $served := and .root.Values.vllm.enabled (eq .param "chooser") -}}
{{- get (.root.Values.engines | default dict) .param | default (ternary "openai" "auto" $served) -}}
{{- end }}

{{- /*
What the engines that the values choose need together, for one step: environment, gpus, cpu, memoryMiB.
The facts of each engine are in files/engines.json, which `clipmill render` writes.
*/ -}}
{{- define "clipmill.engines" -}}
{{- $values := .root.Values -}}
{{- $step := .step -}}
{{- $needs := dict "environment" "" "gpus" 0 "cpu" 0 "memoryMiB" 0 -}}
{{- range $param, $facts := .root.Files.Get "files/engines.json" | fromJson -}}
{{- $chosen := include "clipmill.engineChoice" (dict "root" $.root "param" $param) -}}
{{- if and (has $step $facts.steps) (hasKey $facts.engines $chosen) -}}
{{- $engine := get $facts.engines $chosen -}}
{{- with $engine.environment -}}
{{- if and $needs.environment (ne . $needs.environment) -}}
{{- fail (printf "engines: %s of %s needs the image %s, another engine needs %s" $chosen $step . $needs.environment) -}}
{{- end -}}
{{- $_ := set $needs "environment" . -}}
{{- end -}}
{{- range $key := list "gpus" "cpu" "memoryMiB" -}}
{{- $_ := set $needs $key (max (int (get $needs $key)) (int (get $engine $key))) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{ toJson $needs }}
{{- end }}

{{- /*
The param that chooses an engine: the values' choice is its only one. With auto, it may be any engine
of the default image. `clipmill submit` refuses a job that asks for another, and so does the step.
*/ -}}
{{- define "clipmill.engineParameter" -}}
{{- $parameter := .parameter -}}
{{- $facts := get (.root.Files.Get "files/engines.json" | fromJson) $parameter.name -}}
{{- if $facts -}}
{{- $chosen := include "clipmill.engineChoice" (dict "root" .root "param" $parameter.name) -}}
{{- $needs := include "clipmill.engines" (dict "root" .root "step" (first $facts.steps)) | fromJson -}}
{{- $allowed := list $chosen -}}
{{- if eq $chosen "auto" -}}
{{- range $name, $engine := $facts.engines -}}
{{- if or (not $engine.environment) (eq $engine.environment $needs.environment) -}}
{{- $allowed = append $allowed $name -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if $facts.off }}{{ $allowed = append $allowed "off" | uniq }}{{ end -}}
{{- $_ := set $parameter "value" $chosen -}}
{{- $_ := set $parameter "enum" $allowed -}}
{{- end -}}
{{- end }}

{{- /*
Counters of GPU seconds and of cost of a step, from the record that each try leaves. Argo reports a
template's metrics once for each try, and never again for a pod that a retried job keeps.
*/ -}}
{{- define "clipmill.costs" -}}
{{- $metrics := .root.Values.metrics -}}
{{- $labels := list (dict "key" "step" "value" .step) | toJson -}}
{{- $seconds := "asFloat(jsonpath(outputs.parameters.run, '$.wall_ms')) / 1000" -}}
{{- if .gpus }}
- name: clipmill_step_gpu_seconds_total
  help: Seconds that a step ran, times the GPUs that it held.
  labels: {{ $labels }}
  counter: {value: {{ printf "{{=%s * %d}}" $seconds (int .gpus) | quote }}}
{{- end }}
{{- $hourly := addf (mulf (float64 $metrics.pricePerCpuHour) (float64 .cpu)) (mulf (float64 $metrics.pricePerGpuHour) .gpus) }}
{{- if $hourly }}
- name: clipmill_step_cost_total
  help: What a step cost by its seconds, its cores and GPUs, and the prices of the release.
  labels: {{ $labels }}
  counter: {value: {{ printf "{{=%s / 3600 * %v}}" $seconds $hourly | quote }}}
{{- end }}
{{- end }}
